internal import AccessLog
internal import Correlation
internal import TraceStore

/// Loads units of time with what lies around them, in order: what two units share is read once.
struct UnitLoader {
  private let feed: HopFeed
  /// What the next unit may need of what was read, by key.
  private var held: [Hop] = []
  /// Starts up to here are in `held`, as far as they are needed; nil before the first unit.
  private var end: Int64?
  /// The cut behind the last unit and the margin around it.
  private var lastCut: (cut: Int64, margin: Int64)?
  /// How far around cuts it is looked.
  var reach: MarginReach
  /// The first start that the last unit looked at, and whether all hops that were open then are held.
  private var first = Int64.min
  private var holdsAllLong = true

  init(_ reader: StoreReader, reach: MarginReach = MarginReach()) throws {
    self.reach = reach
    feed = try HopFeed(reader)
    returnMemory()
  }

  /// A mesh of very many pods has large tables of its own in every unit of time.
  private func returnMemory() {
    if feed.sourceCount > Limits.tableSources { LargeMemory.goesBackAtOnce() }
  }

  /// Takes in what was stored since; at the beginning of a further snapshot of the reader.
  /// `ranges`: of the hops that were.
  mutating func refresh(_ ranges: [ClosedRange<Int64>]) throws {
    let renumbering = try feed.refresh()
    returnMemory()
    if let end, renumbering.hasOtherPeers || ranges.contains(where: { $0.lowerBound <= end }) {
      (held, self.end, lastCut) = ([], nil, nil)
    } else if renumbering.changesAny {
      for place in held.indices { renumbering.apply(to: &held[place]) }
    }
  }

  /// The hops of a unit, whose starts are after those of the unit before, and of the margin around it.
  /// `seen`: the last of the waiting ranges that the reader sees.
  mutating func load(_ unit: ClosedRange<Int64>, seen: Int64) throws -> LoadedUnit {
    if feed.isFullOfIDs {
      feed.forgetIDs()
      (held, end) = ([], nil)
    }
    let (before, after) = (reach.before(unit.lowerBound), reach.after(unit.upperBound + 1))
    let around = unit.lowerBound - before...unit.upperBound + after
    let goesOn = end.map { $0 >= around.lowerBound && first <= around.lowerBound && holdsAllLong } ?? false
    if goesOn { dropBefore(around.lowerBound) }
    if let end, goesOn, place(ofStartsFrom: around.lowerBound).lowerBound < CorrelationLimits.longHops {
      if end < around.upperBound { try read(max(end + 1, around.lowerBound)...around.upperBound) }
    } else {
      held.removeAll(keepingCapacity: true)
      end = nil
      try feed.appendLong(
        openAt: around.lowerBound, startedBefore: around.lowerBound, most: CorrelationLimits.longHops,
        to: &held)
      holdsAllLong = held.count < CorrelationLimits.longHops
      try read(around)
    }
    first = around.lowerBound
    end = max(end ?? .min, around.upperBound)
    let margins = UnitMargins(
      before: min(before, margin(around: unit.lowerBound)),
      after: min(after, margin(around: unit.upperBound + 1)))
    return LoadedUnit(
      range: unit, state: UnitState(margins: margins, seen: seen), hops: feed.loaded(window(unit, margins)),
      isNarrow: min(before, after) < CorrelationUnits.margin)
  }

  /// The hops of a unit that are too many for one, in parts of `most`; without those around it.
  mutating func load(
    overfull unit: ClosedRange<Int64>, most: Int, seen: Int64, _ body: (LoadedUnit) throws -> Void
  ) throws {
    (held, end, lastCut) = ([], nil, nil)
    var part = LoadedUnit.Part(number: 0, keys: KeyRange(startingIn: unit).possible)
    var last: Int64?
    repeat {
      if feed.isFullOfIDs { feed.forgetIDs() }
      var hops: [Hop] = []
      last = try feed.append(
        startingIn: unit, behind: last, limit: most, to: &hops)
      let keys = part.keys
      if let last { part.keys = keys.lowerBound...last }
      let state = UnitState(margins: UnitMargins(before: 0, after: 0), seen: seen)
      try body(LoadedUnit(range: unit, state: state, hops: feed.loaded(hops), isNarrow: true, part: part))
      if let last {
        part = .init(number: part.number + 1, keys: min(last + 1, keys.upperBound)...keys.upperBound)
      }
    } while last != nil
  }

  private mutating func read(_ range: ClosedRange<Int64>) throws {
    try feed.append(startingIn: range, to: &held)
    for place in held.indices.dropFirst() where held[place - 1].id > held[place].id {
      held.sort { $0.id < $1.id }
      break
    }
  }

  /// Lets go what ended long before an instant.
  private mutating func dropBefore(_ first: Int64) {
    let old = 0..<place(ofStartsFrom: first).upperBound
    let needed = held[old].filter {
      $0.start >= first || $0.duration >= CorrelationUnits.margin && $0.end >= first
    }
    held.replaceSubrange(old, with: needed)
  }

  /// Where the hops begin that start at an instant or later: those before the range do not, those behind it do, whatever
  /// collisions have done to keys.
  private func place(ofStartsFrom instant: Int64) -> Range<Int> {
    let keys = KeyRange(startingIn: instant...Int64.max)
    let first = firstPlace { $0.id >= keys.possible.lowerBound }
    return first..<max(first, firstPlace { $0.id >= keys.sure.lowerBound })
  }

  /// The first place that `isBehind` is true of; of none before it is it true.
  private func firstPlace(_ isBehind: (borrowing Hop) -> Bool) -> Int {
    var (low, high) = (0, held.count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(held[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private mutating func margin(around cut: Int64) -> Int64 {
    if let lastCut, lastCut.cut == cut { return lastCut.margin }
    let margin = UnitMargin.around(cut, held, reach: (reach.before(cut), reach.after(cut)))
    lastCut = (cut, margin)
    return margin
  }

  /// The hops of `held` that a unit is correlated with: its own, those in the margins at both ends, and those that
  /// were still open when the first margin began.
  private func window(_ unit: ClosedRange<Int64>, _ margins: UnitMargins) -> [Hop] {
    let first = unit.lowerBound - margins.before
    let last = unit.upperBound + margins.after
    let begin = place(ofStartsFrom: first)
    let end = place(ofStartsFrom: last + 1)
    var hops: [Hop] = []
    hops.reserveCapacity(end.upperBound - begin.lowerBound + end.upperBound / 16)
    for place in 0..<begin.upperBound where held[place].end >= first && held[place].start <= last {
      hops.append(held[place])
    }
    // Most of them, in one go.
    if begin.upperBound < end.lowerBound { hops += held[begin.upperBound..<end.lowerBound] }
    for place in max(begin.upperBound, end.lowerBound)..<max(begin.upperBound, end.upperBound)
    where held[place].start <= last && (held[place].start >= first || held[place].end >= first) {
      hops.append(held[place])
    }
    return hops
  }
}
