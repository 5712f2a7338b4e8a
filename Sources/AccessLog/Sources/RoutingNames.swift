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
