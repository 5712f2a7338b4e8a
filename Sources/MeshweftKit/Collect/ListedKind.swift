/// What is listed of a cluster: pods, whose logs are read, and what names and places hosts that have none.
enum ListedKind: String {
  case pods
  case services = "services,endpointslices.discovery.k8s.io"
  case nodes

  /// What nobody can tell where these may not be listed.
  var loss: String {
    switch self {
    case .pods: "their logs are not read"
    case .services: "which hosts of a service get nothing is not known"
    case .nodes: "in which zone a host is, is not known"
    }
  }

  /// For people.
  var text: String { self == .services ? "services and endpoint slices" : rawValue }
}
