/// What one group of attempts adds up to over a window of time: what a service's spread over its hosts is made of.
struct GroupSum: Sendable {
  let group: LegTable.Group
  var requests: Int64 = 0
  var attempts: Int64 = 0
  /// Microseconds.
  var busy: Int64 = 0
  var bytes: Int64 = 0
  var firstStart = Int64.max
  var lastStart = Int64.min
  var connections: [ConnectionClass] = []
  /// Attempts by minute (its start, microseconds since the epoch); a minute may be there several times.
  var minutes: [(start: Int64, attempts: Int64)] = []

  init(_ group: LegTable.Group) { self.group = group }

  var failures: Int64 { group.failureCode == nil ? 0 : attempts }

  mutating func add(_ row: LegRow) {
    requests += row.requests
    attempts += row.attempts
    busy += row.busy
    bytes += row.bytesSent + row.bytesReceived
    firstStart = min(firstStart, row.firstStart)
    lastStart = max(lastStart, row.lastStart)
    guard row.attempts > 0 else { return }
    row.forEachMinute { minute, attempts in
      if minutes.last?.start == minute {
        minutes[minutes.count - 1].attempts += attempts
      } else {
        minutes.append((minute, attempts))
      }
    }
  }
}

/// The sums of all groups of a table.
struct GroupSums {
  /// By `Group.index`.
  private var sums: [GroupSum]
  /// Groups that have a row in the window.
  private var isUsed: [Bool]
  private var connections = ConnectionClasses()

  init(_ table: LegTable) {
    sums = table.groupList.map(GroupSum.init)
    isUsed = [Bool](repeating: false, count: sums.count)
  }

  mutating func add(_ row: LegRow) {
    sums[row.group.index].add(row)
    isUsed[row.group.index] = true
  }

  mutating func add(_ connections: LegConnections) { self.connections.add(connections) }

  /// Of the groups that occurred, by service; without those whose service no line names.
  var byService: [String: [GroupSum]] {
    var services: [String: [GroupSum]] = [:]
    for sum in all where !sum.group.service.isEmpty { services[sum.group.service, default: []].append(sum) }
    return services
  }

  /// Of the groups that occurred.
  var all: [GroupSum] {
    let classes = connections.classes(ofGroups: sums.count)
    return sums.indices.filter { isUsed[$0] }.map { index in
      var sum = sums[index]
      sum.connections = classes[index]
      return sum
    }
  }
}
