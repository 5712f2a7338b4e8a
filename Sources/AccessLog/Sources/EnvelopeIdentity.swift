/// Who wrote a line, as ranges of the bytes that say so; empty: not said.
struct EnvelopeIdentity: Equatable {
  var pod = 0..<0
  var namespace = 0..<0
  var container = 0..<0
  var meshCluster = 0..<0

  /// Takes what `field` names from `value`, if it is text and nothing said it before.
  mutating func take(_ field: Field, _ value: JSONValue) {
    guard value.isString, value.range.count <= Limits.nameBytes else { return }
    switch field {
    case .podName where pod.isEmpty: pod = value.range
    case .podNamespace where namespace.isEmpty: namespace = value.range
    case .containerName where container.isEmpty: container = value.range
    case .meshCluster where meshCluster.isEmpty: meshCluster = value.range
    default: break
    }
  }

  var isEmpty: Bool { pod.isEmpty && namespace.isEmpty && container.isEmpty && meshCluster.isEmpty }
}
