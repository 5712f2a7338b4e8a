internal import AccessLog

/// How long to wait before the next try.
enum Backoff {
  static func wait(after failures: Int) -> Duration {
    .seconds(
      min(CollectLimits.longestWait, CollectLimits.firstWait * Double(1 << min(max(0, failures - 1), 16))))
  }
}
