internal import AccessLog
internal import TraceStore

/// The connections of a span of time, by the groups whose rows name them. Most are named by several, and in several units of
/// time: here each has its eight bytes once.
struct ConnectionSets {
  /// A group's id × 2, + 1 for a row with attempts.
  private typealias Member = UInt64

  private struct Step: Hashable {
    var set: Int32
    var member: Member
  }

  /// By key: a place in `sets`.
  private var setOfKey: [UInt64: Int32] = [:]
  /// Ascending each; the first one is empty.
  private var sets: [[Member]] = [[]]
  private var numbers: [[Member]: Int32] = [[]: 0]
  /// The set that a member makes of another one.
  private var steps: [Step: Int32] = [:]
  /// Whether there are more than are kept.
  private(set) var isTooLarge = false

  /// Adds a row of legs.sql.
  mutating func add(_ row: SQLRow) {
    guard !isTooLarge else { return }
    let group = UInt64(bitPattern: row.number(LegColumn.group))
    let member = group << 1 | (row.number(LegColumn.attempts) > 0 ? 1 : 0)
    row.forEachKey(LegColumn.packed) { add($0, member) }
    guard setOfKey.count > SpanLimits.connections else { return }
    isTooLarge = true
    (setOfKey, sets, numbers, steps) = ([:], [[]], [[]: 0], [:])
  }

  private mutating func add(_ key: UInt64, _ member: Member) {
    let step = Step(set: setOfKey[key] ?? 0, member: member)
    if let known = steps[step] {
      if known != step.set { setOfKey[key] = known }
      return
    }
    let number = number(of: sets[Int(step.set)], and: member)
    steps[step] = number
    setOfKey[key] = number
  }

  private mutating func number(of set: [Member], and member: Member) -> Int32 {
    if set.contains(member) { return numbers[set] ?? 0 }
    let larger = (set + [member]).sorted()
    if let known = numbers[larger] { return known }
    let number = Int32(sets.count)
    sets.append(larger)
    numbers[larger] = number
    return number
  }

  /// By groups.
  var spans: [ConnectionSpan] {
    var keys = [[UInt64]](repeating: [], count: sets.count)
    for (key, set) in setOfKey { keys[Int(set)].append(key) }
    let spans = zip(sets, keys).filter { !$1.isEmpty }.map { set, keys in
      var groups: [UInt8] = []
      for member in set { LEB128.append(member, to: &groups) }
      return ConnectionSpan(groups: groups, keys: keys.sorted())
    }
    return spans.sorted { $0.groups.lexicographicallyPrecedes($1.groups) }
  }
}
