/// The sums of one service.
struct ServiceSums: Sendable {
  var groups: [GroupSum] = []
  /// Of these groups, and of others'.
  var connections = ConnectionTally(groups: 0)
  /// By the key of a host that had any request.
  var minutes: [String: HostMinutes] = [:]
}
