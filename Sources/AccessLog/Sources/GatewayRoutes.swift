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
