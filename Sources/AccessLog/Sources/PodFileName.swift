/// Whether the parts of a file's name say which pod wrote a log: `CLUSTER.NAMESPACE.POD.CONTAINER`.
///
/// Names of hosts and dates have dots, too (`web001.eu.example.com`, `access.2024.01.02`). Taken for a mesh cluster each
/// they would be as many clocks that nobody knows, and different hosts would be one pod. So a name is believed only where
/// Kubernetes' rules allow it and something in it is known: the container is a mesh's proxy, or the pod's name ends as a
/// controller makes it.
package enum PodFileName {
  /// Containers that write access logs in meshes and gateways.
  package static let containers: Set<String> = [
    "istio-proxy", "ztunnel", "envoy", "envoy-proxy", "envoy-sidecar", "consul-dataplane", "kuma-sidecar",
    "kuma-gateway",
    "linkerd-proxy", "osm-envoy", "appmesh-envoy", "contour-envoy", "gateway-proxy", "waypoint",
  ]
  /// Bytes in a label (RFC 1123).
  private static let labelBytes = 63

  /// Whether these parts of a name, none of them empty, are a pod's: those between the second and the last are its name.
  static func isBelieved(_ parts: [Substring]) -> Bool {
    guard let cluster = parts.first, let container = parts.last, parts.count >= 4 else { return false }
    let pod = parts[2..<parts.count - 1]
    guard isClusterName(cluster), isLabel(parts[1]), isLabel(container), pod.allSatisfy(isLabel) else {
      return false
    }
    return containers.contains(String(container))
      || WorkloadName.hasRandomSuffix(pod: pod.joined(separator: "."))
  }

  /// A lower-case label as Kubernetes' names have them.
  private static func isLabel(_ part: Substring) -> Bool {
    isName(part) { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
  }

  /// Mesh clusters are named by people and clouds: capitals and underscores occur.
  private static func isClusterName(_ part: Substring) -> Bool {
    isName(part) {
      (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
    }
  }

  private static func isName(_ part: Substring, _ isAlphanumeric: (UInt8) -> Bool) -> Bool {
    guard part.utf8.count <= labelBytes, let first = part.utf8.first, let last = part.utf8.last else {
      return false
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && part.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
  }
}
