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
