/// One TCP connection on which a host got requests.
struct AttemptConnection {
  var host: Int32
  var client: Int32
  var proxy: Int32
  var requests = 0
  /// Microseconds since the epoch, of its first and last request, or of its proxy's line.
  var first: Int64
  var last: Int64
  var crossedBorder: Bool
}
