/// What a hop's proxy was to the request or connection that it logged.
///
/// The raw values are stored; they never change.
package enum Role: UInt8, Sendable, CaseIterable {
  /// The outbound listener of a sidecar: the caller's side of a request.
  case client = 1
  /// The inbound listener of a sidecar: the callee's side of a request.
  case server = 2
  /// A TCP proxy that routes on SNI and logs one line per connection (a cross-network proxy).
  case proxy = 3
  /// An L7 proxy that is neither end's sidecar: ingress, egress, waypoint.
  case gateway = 4
  /// A line that does not say (a bare Envoy format without an upstream cluster).
  case unknown = 0

  // Spelled out, since other rooms would ask the protocol's table of functions: several times per hop.

  package static func == (left: Role, right: Role) -> Bool { left.rawValue == right.rawValue }
  package static func != (left: Role, right: Role) -> Bool { left.rawValue != right.rawValue }

  package var name: String {
    switch self {
    case .client: "client"
    case .server: "server"
    case .proxy: "proxy"
    case .gateway: "gateway"
    case .unknown: "unknown"
    }
  }
}
