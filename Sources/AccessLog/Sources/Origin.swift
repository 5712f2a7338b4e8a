/// Who wrote a line, or a log: a container of a pod, as far as something says it; empty where nothing does.
///
/// The one shape for it, whatever says it: an envelope with ranges of its line or with bytes (`Origin+Bytes`), a file's
/// name, a path, an option or the store with text (`Origin+Text`).
package struct Origin<Name: OriginName>: Hashable, Sendable {
  package var meshCluster: Name
  package var namespace: Name
  package var pod: Name
  package var container: Name

  package init(
    meshCluster: Name = .unsaid, namespace: Name = .unsaid, pod: Name = .unsaid, container: Name = .unsaid
  ) {
    self.meshCluster = meshCluster
    self.namespace = namespace
    self.pod = pod
    self.container = container
  }

  package var isEmpty: Bool { pod.isEmpty && namespace.isEmpty && container.isEmpty && meshCluster.isEmpty }

  /// All four, the widest first.
  package var names: [Name] { [meshCluster, namespace, pod, container] }

  /// The fields of a line that say each of them.
  static var fields: [Field] { [.meshCluster, .podNamespace, .podName, .containerName] }

  /// The name that a field says; unsaid for any other field.
  subscript(_ field: Field) -> Name {
    switch field {
    case .meshCluster: meshCluster
    case .podNamespace: namespace
    case .podName: pod
    case .containerName: container
    default: .unsaid
    }
  }

  /// Sets the name that `field` says where nothing said it before.
  mutating func fill(_ field: Field, _ name: Name) {
    switch field {
    case .podName where pod.isEmpty: pod = name
    case .podNamespace where namespace.isEmpty: namespace = name
    case .containerName where container.isEmpty: container = name
    case .meshCluster where meshCluster.isEmpty: meshCluster = name
    default: break
    }
  }

  /// Takes what is not known here from `other`.
  package mutating func fill(from other: Origin) {
    if pod.isEmpty { pod = other.pod }
    if namespace.isEmpty { namespace = other.namespace }
    if container.isEmpty { container = other.container }
    if meshCluster.isEmpty { meshCluster = other.meshCluster }
  }

  /// This origin where it says something, the other where it does not.
  func filled(from other: Origin) -> Origin {
    var all = self
    all.fill(from: other)
    return all
  }

  /// Whether both say something, and not the same, of one of the names.
  package func contradicts(_ other: Origin) -> Bool {
    func differ(_ one: Name, _ other: Name) -> Bool { !one.isEmpty && !other.isEmpty && one != other }
    return differ(pod, other.pod) || differ(namespace, other.namespace)
      || differ(meshCluster, other.meshCluster) || differ(container, other.container)
  }
}
