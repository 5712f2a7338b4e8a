internal import Correlation
internal import Dispatch
internal import Synchronization
internal import TraceStore

/// A piece of time whose hops are to be linked.
struct LoadedUnit: Sendable {
  /// Starts of its own hops, microseconds since the epoch.
  var range: ClosedRange<Int64>
  /// How far beyond it hops were loaded.
  var margins: UnitMargins
  /// Its own hops and those around it.
  var hops: LoadedHops
}

/// What was found out about the hops of a piece of time.
struct CorrelatedUnit: Sendable {
  var range: ClosedRange<Int64>
  var margins: UnitMargins
  /// Of all hops that were looked at, by key, and which of them are of its own hops.
  var outcomes: [HopOutcome]
  var own: Range<Int>
  /// Places in `outcomes` of hops whose trace begins outside the piece, as far as the piece can tell: in another piece
  /// more may be known.
  var continued: [Int32] = []
  var legs: [LegRollup]
  var peaks: [LegPeak]
  var clocks: [StoredClock]

  /// The one place where a piece's hops and all that is known about them are together.
  init(_ unit: LoadedUnit) {
    range = unit.range
    margins = unit.margins
    let result = Correlator().correlate(unit.hops.hops, own: unit.range)
    clocks = result.clocks.compactMap { StoredClock($0, unit.hops) }
    let rollups = RollupBuilder(unit.range, unit.hops, result.outcomes)
    legs = rollups.legs
    peaks = rollups.peaks
    outcomes = result.outcomes
    own = 0..<0
    findOwn(OwnHops(unit))
  }

  private mutating func findOwn(_ hops: OwnHops) {
    let places = outcomes.indices.filter { hops.contains(outcomes[$0].hop) }
    guard let first = places.first, let last = places.last else { return }
    own = first..<last + 1
    if places.count < own.count {
      // A collision has moved the key of a neighbour's hop in between.
      outcomes = places.map { outcomes[$0] }
      own = outcomes.indices
    }
    for place in own
    where outcomes[place].traceRoot != outcomes[place].hop && !hops.contains(outcomes[place].traceRoot) {
      continued.append(Int32(place))
    }
  }
}

/// Which of a loaded unit's hops start in its range. Keys tell the millisecond, so only near the ends it has to be
/// looked up.
private struct OwnHops {
  private let keys: KeyRange
  private var atEnds: [Int64: Bool] = [:]

  init(_ unit: LoadedUnit) {
    keys = KeyRange(startingIn: unit.range)
    for hop in unit.hops.hops where keys.possible.contains(hop.id) && !keys.sure.contains(hop.id) {
      atEnds[hop.id] = unit.range.contains(hop.start)
    }
  }

  func contains(_ key: Int64) -> Bool {
    keys.sure.contains(key) || keys.possible.contains(key) && atEnds[key] ?? false
  }
}

/// Links pieces of time on three threads: while one piece's links are written, the next one's hops are correlated and
/// the one after that is loaded. A piece waits before each of the two steps at most, which bounds memory.
final class CorrelationPipeline: Sendable {
  /// Moved to the writing thread at its start and not touched by another one until it has ended.
  private struct Handle: @unchecked Sendable { let writer: StoreWriter }

  /// What is done.
  struct Written {
    /// Hops whose links were looked after.
    var hops = 0
    var units: [ClosedRange<Int64>: UnitMargins] = [:]
  }

  private struct Outcome {
    var written = Written()
    /// Hops whose trace begins outside their piece of time, and the hop that it begins with or follows from there.
    var continued: [(hop: Int64, from: Int64)] = []
    var error: StoreError?
  }

  private let handle: Handle
  private let loaded = BatchQueue<LoadedUnit>(capacity: 1)
  private let correlated = BatchQueue<CorrelatedUnit>(capacity: 1)
  private let outcome = Mutex(Outcome())
  private let done = DispatchSemaphore(value: 0)

  /// - Parameter writer: in a transaction, which takes all that is written.
  init(writer: StoreWriter) { handle = Handle(writer: writer) }

  func start() {
    DispatchQueue(label: "meshweft.correlator").async { [self] in
      while let unit = loaded.take() {
        if !hasFailed { correlated.put(CorrelatedUnit(unit)) }
      }
      correlated.close()
    }
    DispatchQueue(label: "meshweft.links").async { [self] in
      while let unit = correlated.take() {
        if !hasFailed { write(unit) }
      }
      done.signal()
    }
  }

  /// Waits for room.
  func put(_ unit: LoadedUnit) { loaded.put(unit) }

  /// Whether it is no use to go on.
  var hasFailed: Bool { outcome.withLock { $0.error != nil } }

  /// Waits until everything that was put is written.
  func finish() throws(StoreError) -> Written {
    loaded.close()
    done.wait()
    let outcome = outcome.withLock { $0 }
    if let error = outcome.error { throw error }
    // Only now all pieces are there that a trace may begin in. Each round reaches one piece further.
    var areRight = outcome.continued.isEmpty
    for _ in 0..<CorrelationPipeline.rounds where !areRight {
      areRight = true
      for (hop, from) in outcome.continued {
        if try handle.writer.setTrace(ofHop: hop, toThatOf: from) { areRight = false }
      }
    }
    return outcome.written
  }

  /// Pieces of time that a trace may lead into one after the other against the order of time.
  private static let rounds = 16

  private func write(_ unit: consuming CorrelatedUnit) {
    let range = unit.range
    let written = unit.own.count
    do throws(StoreError) {
      let later = try findTraces(&unit)
      try handle.writer.replaceRollups(startingIn: range, unit.legs, unit.peaks)
      try handle.writer.replaceClocks(startingIn: range, unit.clocks)
      try handle.writer.replaceLinks(startingIn: range, unit.outcomes[unit.own])
      outcome.withLock { [margins = unit.margins] outcome in
        outcome.written.hops += written
        outcome.written.units[range] = margins
        outcome.continued += later
      }
    } catch {
      outcome.withLock { $0.error = error }
    }
  }

  /// Lets traces that began in an earlier piece begin where they did: its links are written by now, if only in this
  /// transaction.
  /// - Returns: hops that follow from one of a later piece, because clocks are apart.
  private func findTraces(_ unit: inout CorrelatedUnit) throws(StoreError) -> [(hop: Int64, from: Int64)] {
    var later: [(hop: Int64, from: Int64)] = []
    for place in unit.continued {
      let hop = unit.outcomes[Int(place)].hop
      let from = unit.outcomes[Int(place)].traceRoot
      if from > hop { later.append((hop, from)) }
      unit.outcomes[Int(place)].traceRoot = try handle.writer.traceRoot(ofHop: from)
    }
    return later
  }
}

extension StoredClock {
  /// Nil where a mesh cluster has no name.
  init?(_ clock: ClockEstimate, _ loaded: LoadedHops) {
    guard clock.clientCluster >= 0, clock.serverCluster >= 0 else { return nil }
    self.init(
      clientMeshCluster: loaded.meshClusters[Int(clock.clientCluster)],
      serverMeshCluster: loaded.meshClusters[Int(clock.serverCluster)], reference: clock.referenceTime,
      offset: clock.offset, drift: clock.drift, uncertainty: clock.uncertainty,
      requests: Int64(clock.samples))
  }
}
