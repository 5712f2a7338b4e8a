/// One request seen at both ends: the samples that a clock is fitted to.
struct ClockSample {
  /// Start on the client's clock.
  var time: Int64
  /// server.start − client.start, microseconds.
  var there: Int64
  /// client.end − server.end, microseconds.
  var back: Int64
}
