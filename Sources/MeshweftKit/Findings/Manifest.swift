/// Manifests to apply, with a service's own names.
enum Manifest {
  /// A DestinationRule whose trafficPolicy is `policy`, indented by four.
  static func destinationRule(_ service: String, _ policy: String) -> String {
    let (host, name, namespace) = names(service)
    return """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: \(name)
        namespace: \(namespace)
      spec:
        host: \(host)
        trafficPolicy:
      \(policy)
      """
  }

  /// Host, a name for an object, and the namespace of `host:port`.
  static func names(_ service: String) -> (host: String, name: String, namespace: String) {
    let host = safe(service.split(separator: ":").first.map(String.init) ?? service)
    let parts = host.split(separator: ".").map(String.init)
    return (host, parts.first ?? host, parts.count > 2 && parts[2] == "svc" ? parts[1] : "default")
  }

  /// Names come from logs: only what a host name may hold gets into a manifest.
  private static func safe(_ text: String) -> String {
    String(
      text.unicodeScalars.filter {
        $0.isASCII
          && ($0.properties.isAlphabetic || $0.properties.numericType != nil
            || "-._*".unicodeScalars.contains($0))
      }.map(Character.init))
  }

  static func maxRequestsPerConnection(_ service: String, _ count: Int = 100) -> String {
    destinationRule(
      service,
      """
          connectionPool:
            http:
              maxRequestsPerConnection: \(count)
      """)
  }

  static func maxConnectionDuration(_ service: String, _ duration: String = "5m") -> String {
    destinationRule(
      service,
      """
          connectionPool:
            tcp:
              maxConnectionDuration: \(duration)
      """)
  }

  static func http1(_ service: String) -> String {
    destinationRule(
      service,
      """
          connectionPool:
            http:
              h2UpgradePolicy: DO_NOT_UPGRADE
      """)
  }

  static func keepalive(_ service: String, idleSeconds: Int) -> String {
    destinationRule(
      service,
      """
          connectionPool:
            tcp:
              tcpKeepalive:
                time: \(max(5, idleSeconds / 2))s
                interval: \(max(5, idleSeconds / 6))s
            http:
              idleTimeout: \(max(5, idleSeconds * 9 / 10))s
      """)
  }
}
