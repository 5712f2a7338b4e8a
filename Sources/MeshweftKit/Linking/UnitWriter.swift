internal import Correlation
internal import TraceStore

/// Writes what was found out about units of time, in the caller's transactions, and lets traces that lead through
/// several units begin where they do. For one thread.
struct UnitWriter {
  /// A hop whose trace begins in a later unit, because clocks are apart: where, is right only when that unit's links
  /// are there.
  private struct Continued {
    var hop: Int64
    /// The hop that its trace begins with or follows from there.
    var from: Int64
    /// The hop's own unit.
    var unit: ClosedRange<Int64>
  }

  private let writer: StoreWriter
  /// Hops whose links were looked after.
  private(set) var hops = 0
  /// Units that were written and not yet handed out by `takeFinished`.
  private var states: [ClosedRange<Int64>: UnitState] = [:]
  private var continued: [Continued] = []
  /// The key behind all that was written.
  private var endKey = Int64.min

  init(_ writer: StoreWriter) { self.writer = writer }

  /// Replaces links, rollups and clocks of a unit, whose starts are after those of the unit before.
  mutating func write(_ unit: consuming CorrelatedUnit) throws(StoreError) {
    hops += unit.own.count
    states[unit.range] = unit.state
    endKey = max(endKey, KeyRange(startingIn: unit.range).possible.upperBound)
    if let part = unit.part, part.number > 0 {
      try write(unit, buckets: unit.range.lowerBound + part.number...unit.range.lowerBound + part.number)
    } else {
      try writer.makeWay(for: unit.range)
      try findTraces(&unit)
      try write(unit, buckets: unit.range)
    }
  }

  private func write(_ unit: CorrelatedUnit, buckets: ClosedRange<Int64>) throws(StoreError) {
    try writer.replaceRollups(startingIn: buckets, unit.legs, unit.peaks)
    try writer.replaceClocks(startingIn: buckets, unit.clocks)
    try writer.replaceLinks(startingIn: unit.range, keys: unit.part?.keys, unit.outcomes[unit.own])
  }

  /// Lets traces that began in an earlier unit begin where they did: its links are written by now, if only in this
  /// transaction.
  private mutating func findTraces(_ unit: inout CorrelatedUnit) throws(StoreError) {
    for place in unit.continued {
      let hop = unit.outcomes[Int(place)].hop
      let from = unit.outcomes[Int(place)].traceRoot
      if from > hop { continued.append(Continued(hop: hop, from: from, unit: unit.range)) }
      unit.outcomes[Int(place)].traceRoot = try writer.traceRoot(ofHop: from)
    }
  }

  /// The units whose traces begin where they do, as far as that can be known from what was written; each once.
  mutating func takeFinished() throws(StoreError) -> [ClosedRange<Int64>: UnitState] {
    var unfinished: [ClosedRange<Int64>: UnitState] = [:]
    for trace in continued {
      if trace.from <= endKey {
        _ = try writer.setTrace(ofHop: trace.hop, toThatOf: trace.from)
      } else {
        unfinished[trace.unit] = states[trace.unit]
      }
    }
    continued.removeAll { $0.from <= endKey }
    defer { states = unfinished }
    return states.filter { unfinished[$0.key] == nil }
  }

  /// The units that were written, when no more will be.
  mutating func takeAll() throws(StoreError) -> [ClosedRange<Int64>: UnitState] {
    // Each round reaches one unit further.
    var areRight = continued.isEmpty
    for _ in 0..<UnitWriter.rounds where !areRight {
      areRight = true
      for trace in continued where try writer.setTrace(ofHop: trace.hop, toThatOf: trace.from) {
        areRight = false
      }
    }
    defer { states = [:] }
    return states
  }

  /// Units of time that a trace may lead into one after the other against the order of time.
  private static let rounds = 16
}
