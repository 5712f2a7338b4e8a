internal import AccessLog

/// Which containers of a pod write access logs: sidecars, gateways, waypoints, cross-network proxies, ztunnel.
enum ProxyContainers {
  /// What images are called, whatever registry they come from and whatever follows.
  private static let images = [
    "proxyv2", "ztunnel", "envoy", "cilium-envoy", "consul-dataplane", "kuma-dp", "emissary",
    "aws-appmesh-envoy",
    "gloo-envoy-wrapper",
  ]

  /// Labels of pods that are gateways, with their values where others occur: whatever they run, their first container is it.
  private static let labels: [(name: String, values: Set<String>?)] = [
    ("gateway.istio.io/managed", nil), ("gateway.networking.k8s.io/gateway-name", nil),
    ("istio.io/gateway-name", nil),
    ("istio", ["ingressgateway", "egressgateway", "eastwestgateway", "waypoint"]),
    ("app", ["ztunnel", "istio-ingressgateway", "istio-egressgateway"]),
  ]

  static func names(in pod: PodObject) -> [String] {
    // An init container that goes on running is a sidecar as Kubernetes has them since 1.28; others end before the app begins.
    let sidecars = (pod.spec.initContainers ?? []).filter { $0.restartPolicy == "Always" }
    let found = (sidecars + pod.spec.containers).filter(isProxy).map(\.name)
    guard found.isEmpty, let first = pod.spec.containers.first, isGateway(pod.metadata.labels ?? [:]) else {
      return found
    }
    return [first.name]
  }

  private static func isProxy(_ container: PodObject.Container) -> Bool {
    if PodFileName.containers.contains(container.name) { return true }
    let name = imageName(container.image ?? "")
    return images.contains { name == $0 || name.hasPrefix($0 + "-") } && !name.hasPrefix("envoy-gateway")
      && !name.hasPrefix("envoy-ratelimit")
  }

  /// `registry:5000/istio/proxyv2:1.22@sha256:…` is `proxyv2`.
  private static func imageName(_ image: String) -> Substring {
    let last = image.split(separator: "@").first?.split(separator: "/").last ?? ""
    return last.prefix { $0 != ":" }
  }

  private static func isGateway(_ found: [String: String]) -> Bool {
    labels.contains { label in
      found[label.name].map { label.values?.contains($0) ?? true } ?? false
    }
  }
}
