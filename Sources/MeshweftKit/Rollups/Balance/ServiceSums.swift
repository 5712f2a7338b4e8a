/// The sums of one service.
struct ServiceSums: Sendable {
  var groups: [GroupSum] = []
  /// By the key of a host that had any request.
  var minutes: [String: HostMinutes] = [:]
}
