/// How much time one proxy pod's log covers. A proxy logs connections in the order of their ends, so a log that holds
/// a line holds all lines of connections that ended before it, back to its first line.
struct ProxyLog {
  var meshCluster: Int32
  /// Ends of the first and of the last connection logged, microseconds since the epoch on the proxy's clock.
  var firstEnd: Int64
  var lastEnd: Int64
  /// Microseconds after which the proxy closes every connection, where its lines say so (flag DT), else `Int64.max`.
  var ageLimit: Int64

  /// Microseconds by which lines may be out of order: workers write in turns (12.9 ms were seen), and the start is
  /// truncated, the duration, too.
  static let slack: Int64 = 500_000
  /// Durations around an age limit: 10997 ... 11005 ms were seen for 11 s.
  static let ageSlack = 1.05
}
