/// What counts.
enum FindingLimits {
  /// Lines that are read at most, the newest: about 200 bytes of memory and a microsecond each. The output says so where
  /// there are more.
  static let lines: Int64 = 1_000_000
  /// Counts by host and stretch of time, eight bytes each; where lines are further apart (a line of the year 9999), what needs
  /// them is not looked for.
  static let cells = 1 << 22
  /// Failures of one kind, and their share of the service's requests.
  static let criticalFailures = 50
  static let criticalShare = 0.05
  static let warningFailures = 10
  static let warningShare = 0.001
  /// A host that gets less than half of its share is starved, whatever the busiest has.
  static let starved = 0.5
  /// Requests that a host must have for its first and last to say when it lived.
  static let lifeRequests = 20
  /// Expected requests in a silence that chance leaves empty once in a thousand times: e^-7.
  static let silence = 7.0
  /// Part of the window at either end in which hosts may begin and end as they like: whoever fetched the logs, and whoever
  /// called, did not begin everywhere at once.
  static let edge = 0.05
  /// Part of the differences between hosts that a cause must explain.
  static let explained = 0.7
  /// How many times slower than its peers.
  static let slow = 2.0
  /// Microseconds that a slow host or proxy must cost.
  static let slowBy = 3000.0
}
