internal import AccessLog
internal import TraceStore

/// The endpoints of services, as Kubernetes objects tell of them: hosts that could have served, whether or not they did.
struct KnownEndpoints {
  /// An endpoint, with its pod's life as far as that is known; microseconds since the epoch.
  struct Found {
    var endpoint: Endpoint
    var meshCluster: String
    var first: Int64?
    var last: Int64?
  }

  /// `NAMESPACE/NAME` of a service.
  private var slices: [String: [KubernetesObject]] = [:]
  private var services: [String: [KubernetesObject]] = [:]
  /// By mesh cluster, namespace and name.
  private var pods: [[String]: [KnownPod]] = [:]

  init() {}

  /// - Throws: `StoreError`
  init(_ reader: StoreReader) throws {
    for object in try reader.knownServices() {
      let name = object.kind == .endpoints ? object.owner : object.name
      if name.isEmpty { continue }
      if object.kind == .endpoints {
        slices["\(object.namespace)/\(name)", default: []].append(object)
      } else {
        services["\(object.namespace)/\(name)", default: []].append(object)
      }
    }
    if slices.isEmpty { return }
    for pod in try reader.knownPods() {
      pods[[pod.meshCluster, pod.namespace, pod.name], default: []].append(pod)
    }
  }

  /// Those of a service that were there within a time, in the mesh clusters where some of its hosts are known to be; nil where
  /// Kubernetes tells of none.
  ///
  /// A list of endpoints says what was so when it was made. An endpoint counts where its pod is known to have lived within the
  /// time, or where the list had not changed since before its end.
  func endpoints(
    of service: String, in meshClusters: Set<String>, from: Int64, to: Int64
  ) -> [Found]? {
    guard let (name, port) = KnownEndpoints.parts(service), let all = slices[name] else { return nil }
    let clusters = Set(all.map(\.meshCluster))
    let wanted = clusters.intersection(meshClusters)
    guard !wanted.isEmpty || clusters.count == 1 else { return nil }
    var found: [Found] = []
    var places: [[String]: Int] = [:]
    for slice in all where wanted.isEmpty || wanted.contains(slice.meshCluster) {
      let ports = port.map { portNames(name, slice.meshCluster, $0) } ?? []
      for row in slice.endpoints where ports.isEmpty || ports.contains(row.portName) {
        add(row, slice, from, to, &found, &places)
      }
    }
    return found
  }

  private func add(
    _ row: KubernetesObject.Endpoint, _ slice: KubernetesObject, _ from: Int64, _ to: Int64,
    _ found: inout [Found], _ places: inout [[String]: Int]
  ) {
    let key = [slice.meshCluster, row.pod.isEmpty ? row.address : row.pod]
    if let place = places[key] {
      if !found[place].endpoint.ips.contains(row.address) { found[place].endpoint.ips.append(row.address) }
      if row.port > 0, !found[place].endpoint.ports.contains(Int(row.port)) {
        found[place].endpoint.ports.append(Int(row.port))
      }
      return
    }
    let pod = (pods[[slice.meshCluster, slice.namespace, row.pod]] ?? []).first {
      $0.addresses.contains(row.address)
    }
    guard pod.map({ $0.mayLive(from: from, to: to) }) ?? (slice.first.map { $0 <= to } ?? false) else {
      return
    }
    let endpoint = Endpoint(ips: [row.address], ports: row.port > 0 ? [Int(row.port)] : [], pod: row.pod)
    places[key] = found.count
    found.append(
      Found(endpoint: endpoint, meshCluster: slice.meshCluster, first: pod?.first, last: pod?.last))
  }

  /// What a service's port is called in its endpoints; none where the service is not known.
  private func portNames(_ name: String, _ meshCluster: String, _ port: Int64) -> Set<String> {
    let all = (services[name] ?? []).filter { $0.meshCluster == meshCluster }
    return Set(all.flatMap(\.endpoints).filter { $0.port == port }.map(\.portName))
  }

  /// `NAMESPACE/NAME` and the port of `NAME.NAMESPACE.svc.cluster.local:9080`; nil of what is no service of Kubernetes'.
  private static func parts(_ service: String) -> (name: String, port: Int64?)? {
    let (host, port) = ServiceName.parts(service)
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.count == 2 || labels[2] == "svc" else { return nil }
    return ("\(labels[1])/\(labels[0])", port.flatMap { Int64($0) })
  }
}
