/// What became of the connection that carried a request.
package enum CarrierStatus: UInt8, Sendable {
  /// A proxy hop is linked; of a ztunnel's connection: requests that went over it are.
  case linked = 1
  /// The proxy logs a connection when it closes, and this one had not closed when the log ended.
  case notLoggedYet = 2
  /// The proxy's log covers the time at which the connection must have closed, and has no such line.
  case missing = 3
  /// The request crossed no cross-network proxy.
  case direct = 4
  /// Not enough is known to tell.
  case unknown = 0

  package var name: String {
    switch self {
    case .linked: "linked"
    case .notLoggedYet: "not_logged_yet"
    case .missing: "missing"
    case .direct: "direct"
    case .unknown: "unknown"
    }
  }
}
