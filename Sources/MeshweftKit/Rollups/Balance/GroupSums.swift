/// The sums of all groups of a table.
struct GroupSums {
  /// By `Group.index`.
  private var sums: [GroupSum]
  /// Groups that have a row in the window.
  private var isUsed: [Bool]
  private var connections: ConnectionTally
  /// By `Group.index`: the number of its service's host, -1 where it was sent to none.
  private var hostNumbers: [Int] = []
  /// By number.
  private var minutes: [HostMinutes]

  private struct ServiceHost: Hashable {
    var service: String
    var host: String
  }

  init(_ table: LegTable) {
    sums = table.groupList.map(GroupSum.init)
    connections = ConnectionTally(groups: sums.count)
    isUsed = [Bool](repeating: false, count: sums.count)
    var known: [ServiceHost: Int] = [:]
    hostNumbers.reserveCapacity(sums.count)
    for group in table.groupList {
      guard let host = group.hostKey else {
        hostNumbers.append(-1)
        continue
      }
      let key = ServiceHost(service: group.service, host: host)
      let number = known[key] ?? known.count
      known[key] = number
      hostNumbers.append(number)
    }
    minutes = [HostMinutes](repeating: HostMinutes(), count: known.count)
  }

  mutating func add(_ row: LegRow) {
    let index = row.group.index
    sums[index].add(row)
    isUsed[index] = true
    let number = hostNumbers[index]
    guard row.attempts > 0, number >= 0 else { return }
    row.forEachMinute { minutes[number].add($0, $1) }
  }

  mutating func add(_ connections: LegConnections) { self.connections.add(connections) }

  /// Of the groups that occurred, by service; without those whose service no line names.
  var byService: [String: ServiceSums] {
    var services: [String: ServiceSums] = [:]
    for index in sums.indices where isUsed[index] && !sums[index].group.service.isEmpty {
      let sum = sums[index]
      services[sum.group.service, default: ServiceSums(connections: connections)].groups.append(sum)
      guard let host = sum.group.hostKey, sum.attempts > 0 else { continue }
      services[sum.group.service, default: ServiceSums(connections: connections)].minutes[host] =
        minutes[hostNumbers[index]]
    }
    return services
  }

  /// Hands out those of the groups that occurred.
  func forEach(_ body: (GroupSum) -> Void) {
    for index in sums.indices where isUsed[index] { body(sums[index]) }
  }
}
