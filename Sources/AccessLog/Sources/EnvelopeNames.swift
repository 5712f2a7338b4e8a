/// What an envelope says about who wrote a line, as bytes; empty where it says nothing.
struct EnvelopeNames: Equatable {
  var pod: [UInt8] = []
  var namespace: [UInt8] = []
  var container: [UInt8] = []
  var meshCluster: [UInt8] = []

  var identity: InputIdentity {
    InputIdentity(
      meshCluster: String(decoding: meshCluster, as: UTF8.self),
      namespace: String(decoding: namespace, as: UTF8.self),
      pod: String(decoding: pod, as: UTF8.self), container: String(decoding: container, as: UTF8.self))
  }

  /// Takes a name that nothing said before; one that is longer than names are is none.
  mutating func take(_ field: Field, _ name: [UInt8]) {
    guard !name.isEmpty, name.count <= Limits.nameBytes, name != [UInt8(ascii: "-")] else { return }
    switch field {
    case .podName where pod.isEmpty: pod = name
    case .podNamespace where namespace.isEmpty: namespace = name
    case .containerName where container.isEmpty: container = name
    case .meshCluster where meshCluster.isEmpty: meshCluster = name
    default: break
    }
  }

  /// Envoy's own name in Istio, `sidecar~IP~POD.NAMESPACE~DOMAIN`.
  mutating func takeNode(_ name: [UInt8]) {
    let parts = name.split(separator: 0x7E)
    guard parts.count == 4, let dot = parts[2].lastIndex(of: 0x2E), pod.isEmpty else { return }
    take(.podName, Array(parts[2][..<dot]))
    take(.podNamespace, Array(parts[2][(dot + 1)...]))
  }

  /// Takes what is not known here from `other`.
  mutating func fill(from other: EnvelopeNames) {
    if pod.isEmpty { pod = other.pod }
    if namespace.isEmpty { namespace = other.namespace }
    if container.isEmpty { container = other.container }
    if meshCluster.isEmpty { meshCluster = other.meshCluster }
  }
}
