/// Where reading a log begins.
enum LogStart: Equatable {
  case beginning
  /// So many seconds before now, by the clock of the node that has the log.
  case ago(seconds: Int64)
  /// A time of the kubelet's, microseconds since the epoch.
  case time(Int64)
}
