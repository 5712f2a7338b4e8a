internal import Correlation
internal import TraceStore

/// Loads pieces of time with what lies around them, in order: what two pieces share is read once.
struct UnitLoader {
  private let feed: HopFeed
  /// What the next piece may need of what was read, by key.
  private var held: [Hop] = []
  /// Starts up to here are in `held`, as far as they are needed; nil before the first piece.
  private var end: Int64?
  /// The cut behind the last piece and the margin around it.
  private var lastCut: (cut: Int64, margin: Int64)?

  init(_ reader: StoreReader) throws { feed = try HopFeed(reader) }

  /// Takes in what was stored since; at the beginning of a further snapshot of the reader.
  /// `stretches`: of the hops that were.
  mutating func refresh(_ stretches: [ClosedRange<Int64>]) throws {
    let renumbering = try feed.refresh()
    if let end, stretches.contains(where: { $0.lowerBound <= end }) {
      (held, self.end, lastCut) = ([], nil, nil)
    } else if renumbering.changesAny {
      for place in held.indices { renumbering.apply(to: &held[place]) }
    }
  }

  /// The hops of a piece, whose starts are after those of the piece before, and of the margin around it.
  /// `seen`: the last of the waiting stretches that the reader sees.
  mutating func load(_ unit: ClosedRange<Int64>, seen: Int64) throws -> LoadedUnit {
    let reach = unit.lowerBound - CorrelationUnits.margin...unit.upperBound + CorrelationUnits.margin
    if let end, end >= reach.lowerBound {
      held.removeAll { !UnitLoader.isNeeded($0, from: reach.lowerBound) }
      try read(max(end + 1, reach.lowerBound)...max(end + 1, reach.upperBound))
    } else {
      held.removeAll(keepingCapacity: true)
      try feed.forEachLong(openAt: reach.lowerBound, startedBefore: reach.lowerBound) { hop, _ in
        held.append(hop)
      }
      try read(reach)
    }
    end = reach.upperBound
    let margins = UnitMargins(
      before: margin(around: unit.lowerBound), after: margin(around: unit.upperBound + 1))
    return LoadedUnit(
      range: unit, state: UnitState(margins: margins, seen: seen), hops: feed.loaded(window(unit, margins)))
  }

  private mutating func read(_ range: ClosedRange<Int64>) throws {
    try feed.forEach(startingIn: range) { hop, _ in held.append(hop) }
    for place in held.indices.dropFirst() where held[place - 1].id > held[place].id {
      held.sort { $0.id < $1.id }
      break
    }
  }

  private static func isNeeded(_ hop: Hop, from first: Int64) -> Bool {
    hop.start >= first || hop.duration >= CorrelationUnits.margin && hop.end >= first
  }

  private mutating func margin(around cut: Int64) -> Int64 {
    if let lastCut, lastCut.cut == cut { return lastCut.margin }
    let margin = CutMargin.around(cut, held)
    lastCut = (cut, margin)
    return margin
  }

  /// The hops of `held` that a piece is correlated with: its own, those in the margins at both ends, and those that
  /// were still open when the first margin began.
  private func window(_ unit: ClosedRange<Int64>, _ margins: UnitMargins) -> [Hop] {
    let first = unit.lowerBound - margins.before
    let last = unit.upperBound + margins.after
    var hops: [Hop] = []
    hops.reserveCapacity(held.count)
    for hop in held where hop.start <= last && (hop.start >= first || hop.end >= first) { hops.append(hop) }
    return hops
  }
}
