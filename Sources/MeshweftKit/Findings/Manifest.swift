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

  /// A VirtualService that lets requests be tried again so often; `more`: another line of `retries`.
  static func retries(_ service: String, attempts: Int, _ more: String) -> String {
    let (host, name, namespace) = names(service)
    return """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata:
        name: \(name)
        namespace: \(namespace)
      spec:
        hosts:
        - \(host)
        http:
        - route:
          - destination:
              host: \(host)
          retries:
            attempts: \(attempts)
            \(more)
      """
  }

  /// Whether a host is the name of a Kubernetes service, which each mesh cluster can have.
  static func isOfKubernetes(_ service: String) -> Bool {
    let parts = names(service).host.split(separator: ".")
    return parts.count == 1 || parts.count > 2 && parts[2] == "svc"
  }

  /// A Service that has no pods where it is made: those of the other mesh cluster are its endpoints.
  static func service(_ service: String) -> String {
    let (_, name, namespace) = names(service)
    return """
      apiVersion: v1
      kind: Service
      metadata:
        name: \(name)
        namespace: \(namespace)
      spec:
        ports:
        - name: \(protocolName(service))
          port: \(port(service) ?? 80)
      """
  }

  /// A ServiceEntry for a host outside of Kubernetes.
  static func serviceEntry(_ service: String) -> String {
    let (host, name, namespace) = names(service)
    return """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata:
        name: \(name)
        namespace: \(namespace)
      spec:
        hosts:
        - \(host)
        location: MESH_EXTERNAL
        resolution: DNS
        ports:
        - number: \(port(service) ?? 80)
          name: \(protocolName(service))
          protocol: \(protocolName(service).uppercased())
      """
  }

  private static func port(_ service: String) -> Int? {
    service.split(separator: ":").last.flatMap { Int($0) }.flatMap { (1...65_535).contains($0) ? $0 : nil }
  }

  /// As ports are named for Istio to know what they speak.
  private static func protocolName(_ service: String) -> String { port(service) == 443 ? "tls" : "http" }
}
