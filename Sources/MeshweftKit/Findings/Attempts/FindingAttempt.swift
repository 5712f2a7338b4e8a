/// One attempt that arrived at a host.
struct FindingAttempt {
  /// Microseconds since the epoch, on the clock of whoever logged it last in its way.
  var start: Int64
  /// Microseconds that the host was busy with it.
  var busy: Int64
  /// Bodies of request and response.
  var bytes: Int64
  /// Indices of `ServiceAttempts`.
  var host: Int32
  var connection: Int32
  /// Of `FindingLines.sources`, -1 where not known.
  var client: Int32 = -1
  var proxy: Int32 = -1
  /// Of `FindingLines.paths`.
  var path: Int32
  /// Places of lines, -1 where there is none.
  var clientLine: Int32 = -1
  var serverLine: Int32 = -1
  var failed: Bool
  /// A cross-network proxy was on the way.
  var crossedBorder: Bool
  /// It is known that none was.
  var isDirect: Bool
}
