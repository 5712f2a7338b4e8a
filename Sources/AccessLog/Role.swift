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

/// What a line alone says about its proxy, whatever its log is called and whatever else is in it.
///
/// The raw values are stored and never change; up to 4 they are those of `Role`.
package enum LineRole: UInt8, Sendable {
  /// It names no upstream cluster: a request without a route, or a format that does not say.
  case unsaid = 0
  case client = 1
  case server = 2
  case proxy = 3
  case gateway = 4
  /// It was sent on or was to be, and nothing tells a sidecar from a gateway: there is no address of the proxy's own.
  case outbound = 5
  /// As `outbound` or `unsaid`, but the last address that it was forwarded for is its peer's: gateways add it.
  case forwarded = 6

  /// The role where the rest of the log says no more. `kind`: what the workload's name says.
  package func role(isRequest: Bool, hasNoRoute: Bool, kind: WorkloadKind) -> Role {
    switch self {
    case .client, .server, .proxy, .gateway: return Role(rawValue: rawValue) ?? .unknown
    case .forwarded: return .gateway
    case .outbound, .unsaid:
      if kind == .crossNetworkProxy { return isRequest ? .gateway : .proxy }
      if kind == .gateway { return .gateway }
      return self == .outbound || isRequest && hasNoRoute ? .client : .unknown
    }
  }
}

extension ResponseFlags {
  /// Its proxy did not know where to send it.
  package static let noRoute: ResponseFlags = [.noRouteFound, .noClusterFound]
}
