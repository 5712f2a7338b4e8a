internal import AccessLog

/// Manifests to apply, with a service's own names.
enum Manifest {
  /// A DestinationRule whose trafficPolicy is `policy`, indented by four.
  static func destinationRule(_ service: String, _ policy: String) -> String {
    istio(
      "DestinationRule", service,
      """
        host: \(names(service).host)
        trafficPolicy:
      \(policy)
      """)
  }

  /// An object of Istio's with the service's own name and namespace; `spec` is indented by two.
  private static func istio(_ kind: String, _ service: String, _ spec: String) -> String {
    object("networking.istio.io/v1", kind, service, spec)
  }

  private static func object(_ version: String, _ kind: String, _ service: String, _ spec: String) -> String {
    let (_, name, namespace) = names(service)
    return """
      apiVersion: \(version)
      kind: \(kind)
      metadata:
        name: \(name)
        namespace: \(namespace)
      spec:
      \(spec)
      """
  }

  /// Host, a name for an object, and the namespace of `host:port`.
  static func names(_ service: String) -> (host: String, name: String, namespace: String) {
    let host = safe(HostName(service).ip)
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

  /// A VirtualService that lets requests be tried again so often; `more`: another line of `retries`.
  static func retries(_ service: String, attempts: Int, _ more: String) -> String {
    let host = names(service).host
    return istio(
      "VirtualService", service,
      """
        hosts:
        - \(host)
        http:
        - route:
          - destination:
              host: \(host)
          retries:
            attempts: \(attempts)
            \(more)
      """)
  }

  /// Whether a host is the name of a Kubernetes service, which each mesh cluster can have.
  static func isOfKubernetes(_ service: String) -> Bool {
    let parts = names(service).host.split(separator: ".")
    return parts.count == 1 || parts.count > 2 && parts[2] == "svc"
  }

  /// A Service that has no pods where it is made: those of the other mesh cluster are its endpoints.
  static func service(_ service: String) -> String {
    object(
      "v1", "Service", service,
      """
        ports:
        - name: \(protocolName(service))
          port: \(port(service))
      """)
  }

  /// A ServiceEntry for a host outside of Kubernetes; nil for an address, which has no name to resolve.
  static func serviceEntry(_ service: String) -> String? {
    if IPAddress(HostName(service).ip) != nil { return nil }
    return istio(
      "ServiceEntry", service,
      """
        hosts:
        - \(names(service).host)
        location: MESH_EXTERNAL
        resolution: DNS
        ports:
        - number: \(port(service))
          name: \(protocolName(service))
          protocol: \(protocolName(service).uppercased())
      """)
  }

  /// That of HTTP where none is told.
  private static func port(_ service: String) -> Int { HostName(service).port ?? 80 }

  /// As ports are named for Istio to know what they speak.
  private static func protocolName(_ service: String) -> String { port(service) == 443 ? "tls" : "http" }
}
