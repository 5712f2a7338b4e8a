/// Connections by the groups of attempts that they were met under, to be counted for any of the groups.
///
/// Most connections have requests of several groups: each stands in one list, that of its set of groups, and is told apart from
/// others only when somebody counts. To do so sooner took a tenth of `imbalance`.
struct ConnectionTally: Sendable {
  private var lists: [ConnectionKeys] = []
  /// Ascending `Group.index`es to the list of what was met under them.
  private var numbers: [[Int]: Int] = [:]
  /// By `Group.index`.
  private var listsOfGroup: [[Int]]

  /// `groups`: how many there are.
  init(groups: Int) { listsOfGroup = [[Int]](repeating: [], count: groups) }

  mutating func add(_ connections: LegConnections) {
    connections.add(to: &lists[number(connections.members.indices)])
  }

  /// A connection by its key, and the `Group.index`es under which it was met, ascending.
  mutating func add(_ key: UInt64, groups: [Int]) { lists[number(groups)].append(key) }

  private mutating func number(_ groups: [Int]) -> Int {
    if let number = numbers[groups] { return number }
    let number = lists.count
    numbers[groups] = number
    lists.append(ConnectionKeys())
    for group in groups { listsOfGroup[group].append(number) }
    return number
  }

  /// How many different connections were met under any of some groups; takes the time of looking at each.
  func count(ofGroups groups: [Int]) -> Int {
    let numbers = Set(groups.lazy.flatMap { listsOfGroup[$0] })
    return ConnectionKeys.count(numbers.map { lists[$0] })
  }
}
