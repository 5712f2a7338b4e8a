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
    } else if workload.contains("ingressgateway") || workload.contains("egressgateway")
      || workload.hasSuffix("-waypoint")
    {
      self = .gateway
    } else {
      self = .ordinary
    }
  }
}

/// upstream_cluster and requested_server_name read together: whose line this is, and of which service.
struct RoutingNames {
  private let cluster: String?
  private let clusterKey: SubsetKey?
  private let serverKey: SubsetKey?
  /// A name holds what no host name has: a forged or broken one.
  let isOdd: Bool

  init(cluster: String?, serverName: String?) {
    self.cluster = cluster
    clusterKey = cluster.flatMap(SubsetKey.init)
    serverKey = serverName.flatMap(SubsetKey.init)
    isOdd =
      !(serverName.map(RoutingNames.isHostName) ?? true)
      || !(clusterKey.map { RoutingNames.isHostName($0.host) } ?? true)
  }

  /// Whose line it is. `isRequest`: it has a method, so it is HTTP; `gateway`: its addresses say that its proxy is
  /// nobody's sidecar.
  func role(isRequest: Bool, gateway: Bool, workload: WorkloadKind) -> Role {
    if !isRequest, isSNI(cluster) || (cluster == nil || cluster == "BlackHoleCluster") && serverKey != nil {
      return .proxy
    }
    if !isRequest, workload == .crossNetworkProxy { return .proxy }
    guard let cluster else { return serverKey != nil ? .server : clientOrGateway(gateway, workload) }
    if cluster.hasPrefix("inbound-vip|") { return .gateway }
    if cluster.hasPrefix("inbound|") || cluster.hasPrefix("InboundPassthroughCluster") { return .server }
    if cluster.hasPrefix("outbound|") || cluster == "PassthroughCluster" || cluster == "BlackHoleCluster" {
      return clientOrGateway(gateway, workload)
    }
    return serverKey != nil ? .server : .unknown
  }

  private func clientOrGateway(_ gateway: Bool, _ workload: WorkloadKind) -> Role {
    if gateway || workload == .gateway { return .gateway }
    return cluster == nil ? .unknown : .client
  }

  /// The service that hops are matched on: a caller names it in upstream_cluster, a callee in the SNI.
  func service(role: Role) -> SubsetKey? {
    switch role {
    case .server: serverKey ?? clusterKey.flatMap { $0.host.isEmpty ? nil : $0 }
    default: clusterKey ?? serverKey
    }
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
