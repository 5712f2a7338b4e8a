/// The mesh cluster of whom a row of `load` is about: what its lines say, whatever their order. Where they say several, the first
/// by name.
struct LoadMeshCluster {
  private(set) var name: String?
  private var isServers = false

  mutating func add(_ group: LegTable.Group, _ grouping: LoadOptions.Grouping) {
    switch grouping {
    case .host:
      if let server = group.server {
        add(server, isServers: true)
      } else if let host = group.hostPod, !host.pod.isEmpty {
        add(.init(meshCluster: host.meshCluster, workload: "", pod: host.pod), isServers: true)
      } else if let proxy = group.proxy {
        add(proxy, isServers: false)
      }
    case .service: if let server = group.server { add(server, isServers: true) }
    case .source: if let client = group.client { add(client, isServers: false) }
    case .proxy: if let proxy = group.proxy { add(proxy, isServers: false) }
    }
  }

  /// A server's own line knows better than that of the proxy that called it.
  private mutating func add(_ pod: LegTable.Workload, isServers: Bool) {
    if let name, (isServers ? 0 : 1, pod.meshCluster) >= (self.isServers ? 0 : 1, name) { return }
    (name, self.isServers) = (pod.meshCluster, isServers)
  }
}
