/// How a workload's requests behave: after each event of a request, what happens next, and how soon.
///
/// A request is a row of events: it starts, calls start and end, it ends. Calls end when the callee is done; the
/// rest is the application's doing. So after each event either the application acts, by starting a call or by
/// ending the request, or nothing happens until an open call ends (`wait`). The model is the chance of each
/// outcome and the density of the time to it. "After the geo call ended, the rate call started 250 µs later" is one
/// outcome; parallel calls are starts that follow starts; the order of calls comes out of the chances.
///
/// The likelihood of a set of calls in a request is the product over its events, with each start and each end of a
/// request counted once wherever it is put. A call without a parent counts with the density of orphans. All
/// densities are per microsecond, so every way to divide the calls among the requests is on one scale.
struct RequestModel {
  let shape: ModelShape
  /// Log chance of an outcome, by (request type, event, state, outcome).
  private let logChance: [Float]
  /// Where a request can be by the calls it has made so far, and the log chance of an outcome there, by row of `rows`.
  let tree: CompositionTree
  private let rows: [Int32]
  private let logRowChance: [Float]
  /// Log density per microsecond of the gap before an act. Each row has numbers; those that nothing was seen of share them.
  private(set) var logDensity: GapTable
  /// Log density per microsecond of calls without a parent, by call type.
  private(set) var logOrphan: [Float]
  /// The kind of request that a lost one is taken for, by the kind of its first call.
  private(set) var lostType: [Int32]

  /// Weight, in outcomes seen, of the coarser state that a state's chances fall back to.
  private static let stateFallback: Float = 4
  /// Weight, in outcomes seen, of what is known without the calls so far.
  private static let rowFallback: Float = 4
  /// Weight, in outcomes seen, of "every outcome alike".
  private static let chanceFallback: Float = 0.5
  /// Orphans assumed beyond those seen: none is never certain.
  private static let orphanFallback = 0.5
  /// While the model is doubtful a call has a request if it can have one, nats: a model that knows little finds most calls
  /// of a burst improbable, and would explain them away as lost ones, from which it would not learn better.
  private static let doubtfulOrphan: Float = 10
  /// Calls whose request may be missing up to which that holds: where lines are lost, calls that have no request would be
  /// given one, and be learned from.
  private static let fewLost = 5.0

  /// Learns from what was counted.
  ///
  /// At most `mostLost` calls of each kind are the first of a request that is not in the log; they could be mistaken
  /// for calls of another during `busyMicroseconds`. `doubt` is the share of the outcomes of each event that may be
  /// mistakes of the division that was counted; while there is doubt, lost requests are taken to be as many as may be, and
  /// yet a call to be one's with reluctance.
  init(
    learning counts: ModelCounts, mostLost: [Double], busyMicroseconds: Double, doubt: Float, isFirst: Bool
  ) {
    shape = counts.shape
    let chance = Self.chances(counts, doubt: doubt)
    logChance = chance.map { Float.log($0) }
    tree = counts.compositions.tree
    rows = counts.compositions.rows
    logRowChance = Self.rowChances(counts, chance, doubt: doubt)
    logDensity = Self.densities(counts)
    lostType = (0..<counts.shape.callTypes).map { counts.likeliestType(act: $0) }
    logOrphan = counts.orphans.indices.map {
      let seen = min(doubt > 0 ? .infinity : counts.orphans[$0] + Self.orphanFallback, mostLost[$0])
      return Float.log(Float(seen / max(1, busyMicroseconds)))
        - (isFirst && mostLost[$0] < Self.fewLost ? Self.doubtfulOrphan : 0)
    }
  }

  /// Log chance of an outcome; `node` is what the request has called so far, as far as that is known.
  @inline(__always)
  func logChance(type: Int, event: Int, state: Int, node: Int32, outcome: Int) -> Float {
    if node >= 0 {
      let row = rows[CompositionCounts.place(node: node, state: state, event: event, events: shape.events)]
      if row >= 0 { return logRowChance[Int(row) + outcome] }
    }
    return logChance[shape.outcomeIndex(type: type, event: event, state: state, outcome: outcome)]
  }

  private static func chances(_ counts: ModelCounts, doubt: Float) -> [Float] {
    let shape = counts.shape
    var result = [Float](repeating: 0, count: counts.outcomes.count)
    for row in 0..<shape.requestTypes * shape.events {
      for busy in [false, true] {
        let coarse = coarseChances(counts, row: row, busy: busy, doubt: doubt)
        for state in 0..<ModelShape.states where ModelShape.isBusy(state) == busy {
          let base = (row * ModelShape.states + state) * shape.outcomes
          let seen = counts.outcomes[base..<base + shape.outcomes]
          // Most states are never seen after an event: all that is known of them is what is known without the state.
          guard seen.contains(where: { $0 > 0 }) else {
            for outcome in 0..<shape.outcomes { result[base + outcome] = coarse[outcome] }
            continue
          }
          let believed = discounted(seen, doubt: doubt)
          let total = believed.reduce(stateFallback, +)
          for outcome in 0..<shape.outcomes {
            let share = believed[outcome] + stateFallback * coarse[outcome]
            result[base + outcome] = share / total
          }
        }
      }
    }
    return result
  }

  /// The chances with the calls so far, by row of `CompositionCounts`, logarithms.
  private static func rowChances(_ counts: ModelCounts, _ chance: [Float], doubt: Float) -> [Float] {
    let outcomes = counts.shape.outcomes
    let seen = counts.compositions.counts
    var result = [Float](repeating: 0, count: seen.count)
    for (row, coarse) in counts.compositions.fallback.enumerated() {
      let base = row * outcomes
      let believed = discounted(seen[base..<base + outcomes], doubt: doubt)
      let total = believed.reduce(rowFallback, +)
      for outcome in 0..<outcomes {
        let share = believed[outcome] + rowFallback * chance[Int(coarse) + outcome]
        result[base + outcome] = Float.log(share / total)
      }
    }
    return result
  }

  /// The chances after an event with, or without, calls open, whatever else is known of the state.
  private static func coarseChances(_ counts: ModelCounts, row: Int, busy: Bool, doubt: Float) -> [Float] {
    let shape = counts.shape
    let known = (row * 2 + (busy ? 1 : 0)) * shape.outcomes
    var sums = Array(counts.coarse[known..<known + shape.outcomes])
    for state in 0..<ModelShape.states where ModelShape.isBusy(state) == busy {
      let base = (row * ModelShape.states + state) * shape.outcomes
      for outcome in 0..<shape.outcomes { sums[outcome] += counts.outcomes[base + outcome] }
    }
    let flat = chanceFallback / Float(shape.outcomes)
    let believed = discounted(sums[...], doubt: doubt).map { $0 + flat }
    let total = believed.reduce(0, +)
    return believed.map { $0 / total }
  }

  /// Outcomes less what may be mistakes of the division that they were counted in: at least one of each kind, so
  /// that no outcome is its own evidence.
  private static func discounted(_ outcomes: ArraySlice<Float>, doubt: Float) -> [Float] {
    let discount = max(1, doubt * outcomes.reduce(0, +))
    return outcomes.map { max(0, $0 - discount) }
  }

  /// A gap seen in one kind of request says something about the others, too: their pool is the fallback.
  private static func densities(_ counts: ModelCounts) -> GapTable {
    let shape = counts.shape
    let edges = GapEdges(shape.bins)
    var result = GapTable(rows: shape.gapRows)
    let unknown = result.append(edges.flat.map { Float.log($0) })
    for event in 0..<shape.events {
      for act in 0..<shape.acts {
        guard let pool = counts.pooledGaps(event: event, act: act) else {
          for type in 0..<shape.requestTypes {
            result.share(shape.gapRow(type: type, event: event, act: act), unknown)
          }
          continue
        }
        let fallback = GapDensity(pool[...], edges)
        let pooled = result.append(fallback.perMicrosecond.map { Float.log($0) })
        for type in 0..<shape.requestTypes {
          let row = shape.gapRow(type: type, event: event, act: act)
          guard shape.requestTypes > 1, counts.gaps.has(row) else {
            result.share(row, pooled)
            continue
          }
          let density = GapDensity(counts.gaps.bins(of: row), edges, fallback: fallback)
          result.share(row, result.append(density.perMicrosecond.map { Float.log($0) }))
        }
      }
    }
    return result
  }
}
