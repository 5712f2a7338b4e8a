/// What a pod's name says about whether its proxy is a gateway.
///
/// Only asked where a line itself does not tell: a failed request has no upstream_local_address.
package enum WorkloadKind: UInt8, Sendable {
  case ordinary = 0
  case gateway = 1
  case crossNetworkProxy = 2

  package init(workload: String) {
    if workload.contains("cross-network") || workload.contains("eastwest") {
      self = .crossNetworkProxy
    } else if WorkloadKind.gateways.contains(where: { $0.matches(workload) }) {
      self = .gateway
    } else {
      self = .ordinary
    }
  }
}

extension WorkloadKind {
  /// Names that installations give to gateways, each with where it comes from. `api-gateway` is an app's name like any other.
  struct GatewayName {
    enum Place { case within, start, end }
    let text: String
    let place: Place

    func matches(_ workload: String) -> Bool {
      switch place {
      case .within: workload.contains(text)
      case .start: workload == text || workload.hasPrefix(text + "-")
      case .end: workload.hasSuffix(text)
      }
    }
  }

  static let gateways = [
    // istioctl's profiles and the charts before gateway/.
    GatewayName(text: "ingressgateway", place: .within), GatewayName(text: "egressgateway", place: .within),
    // istio.io's installation with Helm (`helm install istio-ingress istio/gateway`).
    GatewayName(text: "istio-ingress", place: .start), GatewayName(text: "istio-egress", place: .start),
    // Gateway API: Istio names the deployment GATEWAY-CLASS.
    GatewayName(text: "-istio", place: .end), GatewayName(text: "-istio-waypoint", place: .end),
    // istioctl waypoint apply: `waypoint`, or a name of the user's.
    GatewayName(text: "waypoint", place: .start), GatewayName(text: "-waypoint", place: .end),
    // Contour, Higress, Emissary, Envoy Gateway (its proxies' names hold a hash).
    GatewayName(text: "higress-gateway", place: .start), GatewayName(text: "emissary-ingress", place: .start),
  ]
}

/// Clusters and routes of control planes that make gateways only.
enum GatewayRoutes {
  /// Envoy Gateway: `httproute/shop/items/rule/0`. Source: its `internal/gatewayapi`, irRouteName.
  private static let prefixes = ["httproute/", "grpcroute/", "tlsroute/", "tcproute/", "udproute/"]

  static func isOne(cluster: String?, route: String?) -> Bool {
    [cluster, route].contains { name in name.map { name in prefixes.contains { name.hasPrefix($0) } } ?? false
    }
      || cluster.map(isContour) ?? false
  }

  /// Contour: `default/kuard/80/da39a3ee5e`, namespace, service, port and a hash. Source: its `internal/envoy`, Clustername.
  private static func isContour(_ cluster: String) -> Bool {
    let parts = cluster.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 4 && !parts[0].isEmpty && !parts[1].isEmpty && !parts[2].isEmpty
      && parts[2].allSatisfy(\.isNumber) && parts[3].count == 10 && parts[3].allSatisfy(\.isHexDigit)
  }
}

/// What a line's addresses say about whether its proxy is somebody's sidecar.
enum AddressSign: UInt8 {
  case none = 0
  /// It called from the address that its app had called from.
  case sidecar = 1
  /// It called from the address to which somebody else had come.
  case gateway = 2
  /// It added its peer's address to those that a request was forwarded for.
  case forwarded = 3
}

/// upstream_cluster and requested_server_name read together: whose line this is, and of which service.
struct RoutingNames {
  private let cluster: String?
  private let clusterKey: SubsetKey?
  private let serverKey: SubsetKey?
  private let hasServerName: Bool
  /// A name holds what no host name has: a forged or broken one.
  let isOdd: Bool

  init(cluster: String?, serverName: String?) {
    self.cluster = cluster
    clusterKey = cluster.flatMap(SubsetKey.init)
    serverKey = serverName.flatMap(SubsetKey.init)
    hasServerName = serverName != nil
    isOdd =
      !(serverName.map(RoutingNames.isHostName) ?? true)
      || !(clusterKey.map { RoutingNames.isHostName($0.host) } ?? true)
  }

  /// Whose line it is, as far as it says. `isRequest`: it has a method, so it is HTTP.
  func lineRole(isRequest: Bool, sign: AddressSign) -> LineRole {
    if !isRequest, isSNI(cluster) || (cluster == nil || cluster == "BlackHoleCluster") && serverKey != nil {
      return .proxy
    }
    guard let cluster else { return serverKey != nil ? .server : outbound(.unsaid, isRequest, sign) }
    if cluster.hasPrefix("inbound-vip|") { return .gateway }
    if cluster.hasPrefix("inbound|") || cluster.hasPrefix("InboundPassthroughCluster") { return .server }
    if cluster.hasPrefix("outbound|") || cluster == "PassthroughCluster" || cluster == "BlackHoleCluster" {
      return outbound(.outbound, isRequest, sign)
    }
    return serverKey != nil ? .server : sign == .gateway ? .gateway : .unsaid
  }

  /// A sidecar hears its own app in plain text: who read a request under a server name has ended its TLS.
  private func outbound(_ otherwise: LineRole, _ isRequest: Bool, _ sign: AddressSign) -> LineRole {
    switch sign {
    case .gateway: .gateway
    case .sidecar: otherwise == .outbound ? .client : otherwise
    case .forwarded: .forwarded
    case .none: isRequest && hasServerName ? .gateway : otherwise
    }
  }

  /// The service that hops are matched on: a caller names it in upstream_cluster, a callee in the SNI.
  func service(role: Role) -> SubsetKey? {
    var key =
      switch role {
      case .server: serverKey ?? clusterKey.flatMap { $0.host.isEmpty ? nil : $0 }
      default: clusterKey ?? serverKey
      }
    if let host = key?.host, host.utf8.contains(UInt8(ascii: ":")) {
      key?.host = RoutingNames.canonical(host)
    }
    return key
  }

  /// An IPv6 address that is a service's name, as all others are written (RFC 5952), in brackets, for its port follows.
  private static func canonical(_ host: String) -> String {
    let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    guard let address = IPAddress(bare) else { return host }
    return address.ipv4 == nil ? "[\(address)]" : address.description
  }

  private func isSNI(_ name: String?) -> Bool { name?.hasPrefix("outbound_.") ?? false }

  private static func isHostName(_ name: String) -> Bool {
    name.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "*"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
        true
      default: false
      }
    }
  }
}
