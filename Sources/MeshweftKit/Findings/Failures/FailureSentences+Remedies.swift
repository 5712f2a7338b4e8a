extension FailureSentences {
  /// What helps, with what it costs.
  /// `service`: its host, with its port where that is known.
  static func remedies(_ kind: FindingKind, _ service: String) -> [Finding.Remedy] {
    switch kind {
    case .noHealthyUpstream:
      [
        .init(
          "Look at the service's endpoints in the mesh cluster of the proxy: `kubectl get endpointslices`; pods that are not ready, a selector or a subset that no pod has, hosts that outlier detection ejected."
        )
      ]
    case .unknownSNI:
      [
        .init(
          "Let the proxy know the name: the service must exist in its mesh cluster under the host that callers use, and its Gateway must listen for it (AUTO_PASSTHROUGH, hosts: \"*.local\" or the domain that callers use)."
        )
      ]
    case .noRoute, .passthrough:
      [
        .init(
          "Let callers' sidecars know the service: DNS capture for names that exist in another mesh cluster only; costs a DNS proxy in each sidecar.",
          yaml: dnsCapture),
        Manifest.isOfKubernetes(service)
          ? .init(
            "Or create the service in the callers' mesh cluster, too, without pods of its own; it has to be kept as the other one is.",
            yaml: Manifest.service(service))
          : .init(
            "Or name it to the mesh by a ServiceEntry; it has to be kept as the service changes.",
            yaml: Manifest.serviceEntry(service)),
      ]
    case .tlsFailure:
      [
        .init(
          "Compare the roots of both mesh clusters (`istioctl proxy-config secret POD`): they need one root certificate in common; restart pods that hold an old one."
        )
      ]
    case .connectTimeout:
      [
        .init(
          "Look at what may drop packets on the way: security groups, network policies, the border's EIP and its load balancer."
        )
      ]
    case .connectionRefused:
      [
        .init(
          "Look at whether the proxy or pod listens on that port, and whether the address is still its own.")
      ]
    case .connectionCut:
      [
        .init(
          "Look at what ends connections between both ends at those times: a load balancer's maximum age, proxies that drain too briefly (terminationDrainDuration), a node that went."
        ),
        .init(
          "Let idempotent requests be tried again; each retry is one more request to the hosts.",
          yaml: Manifest.retries(service, attempts: 2, "retryOn: reset,connect-failure,refused-stream")),
      ]
    case .circuitBreaker:
      [
        .init(
          "Raise the limits to what the service can bear; beyond it, requests queue at the hosts instead of failing at the caller.",
          yaml: Manifest.destinationRule(
            service,
            """
                connectionPool:
                  http:
                    http2MaxRequests: 4096
                    http1MaxPendingRequests: 4096
            """))
      ]
    case .requestTimeout:
      [
        .init(
          "Find out what the server waits for, or give the route more time (VirtualService timeout); callers then hold their requests longer."
        )
      ]
    case .clientGaveUp:
      [
        .init(
          "The calling app's own timeout is shorter than what it asks for takes: lengthen it, or make the request cheaper."
        )
      ]
    case .serverErrors:
      [.init("Look at the app's own log at those times; the mesh only passed its answers on.")]
    default: []
    }
  }

  private static let dnsCapture = """
    apiVersion: networking.istio.io/v1beta1
    kind: ProxyConfig
    metadata:
      name: dns-capture
      namespace: istio-system
    spec:
      environmentVariables:
        ISTIO_META_DNS_CAPTURE: "true"
    """
}
