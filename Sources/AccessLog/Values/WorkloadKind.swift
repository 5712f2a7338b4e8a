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
