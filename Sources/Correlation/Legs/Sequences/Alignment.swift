/// Which requests of a client connection are which requests of a server connection, if the two are one.
struct Alignment {
  /// Nats for the two being one connection, against their being two that have nothing to do with each other.
  var score: Double
  var pairs: [(client: Int32, server: Int32)]

  /// Nats that a request costs whose other end is missing: about the share of lines that logs lose.
  static let missing = 4.0
  /// Nats that all requests beyond the other connection's end cost at most: that connection may have been cut
  /// there by the log's edge, or by its port having come back.
  static let tail = 9.0
  /// Server hops compared with one client hop.
  static let scanLimit = 64
}
