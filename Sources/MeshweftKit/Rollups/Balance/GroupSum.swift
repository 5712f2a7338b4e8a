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

  init(_ group: LegTable.Group) { self.group = group }

  var failures: Int64 { group.failureCode == nil ? 0 : attempts }

  mutating func add(_ row: LegRow) {
    requests += row.requests
    attempts += row.attempts
    busy += row.busy
    bytes += row.bytesSent + row.bytesReceived
    firstStart = min(firstStart, row.firstStart)
    lastStart = max(lastStart, row.lastStart)
  }
}
