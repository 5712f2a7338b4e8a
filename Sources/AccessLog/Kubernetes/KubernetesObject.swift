/// What a Kubernetes object says that logs do not: whose an address is, where that runs, what stands behind a service.
///
/// Which of several states of one object is kept does not depend on the order in which they come: the newest by its version,
/// and of equal versions the greater content (docs/explanation/decisions/0017-kubernetes-objects.md).
package struct KubernetesObject: Sendable, Hashable {
  package enum Kind: Int64, Sendable {
    case pod = 1
    case service
    /// An EndpointSlice, or an Endpoints object.
    case endpoints
    case node
  }

  /// An address and what is said of it; one row for each port.
  package struct Endpoint: Sendable, Hashable {
    /// In its one spelling (`IPAddress`); empty where a service has none.
    package var address: String
    /// 0 where none is said.
    package var port: Int64 = 0
    package var portName = ""
    /// The pod behind it, in the object's namespace.
    package var pod = ""
    package var zone = ""

    package init(address: String, port: Int64 = 0, portName: String = "", pod: String = "", zone: String = "")
    {
      (self.address, self.port, self.portName) = (address, port, portName)
      (self.pod, self.zone) = (pod, zone)
    }

    package var texts: [String] { [address, String(port), portName, pod, zone] }
  }

  package var kind: Kind
  /// What the user says of whose objects these are; empty where nobody does.
  package var meshCluster = ""
  /// Empty for a node.
  package var namespace = ""
  package var name = ""
  package var uid = ""
  /// The resourceVersion, 0 where that is no number.
  package var version: Int64 = 0
  /// When it came and went, microseconds since the epoch; nil where that is not said. Of endpoints `first` is the last change.
  package var first: Int64?
  package var last: Int64?
  /// A pod's workload; the service of endpoints.
  package var owner = ""
  /// A pod's node.
  package var node = ""
  /// A node's zone.
  package var zone = ""
  /// Ascending, each once.
  package var endpoints: [Endpoint] = []

  package init(kind: Kind, name: String) { (self.kind, self.name) = (kind, name) }

  /// All that it says beside what names it, to tell two states of one version apart.
  package var content: [String] {
    [first.map(String.init) ?? "", last.map(String.init) ?? "", owner, node, zone]
      + endpoints.flatMap(\.texts)
  }

  /// Whether this state of the object is to be kept where both are known.
  package func replaces(_ other: KubernetesObject) -> Bool {
    if version != other.version { return version > other.version }
    return other.content.lexicographicallyPrecedes(content)
  }
}
