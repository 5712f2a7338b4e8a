/// A request of a client connection and one of a server connection that are the same.
struct ConnectionPair {
  var client: Int32
  var server: Int32
  var confidence: Double
  /// The client hop that the server hop would have answered otherwise, or -1, and the log odds against it.
  var runnerUp: Int32
  var margin: Double
}
