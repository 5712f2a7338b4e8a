internal import TraceStore

/// Tells hosts of one address apart: those of other mesh clusters, and pods that had it one after the other.
///
/// A host's key is its address, and where others have that, too, its mesh cluster and pod with it.
struct HostKeys {
  /// Who had an address, as far as that is known of a group of attempts.
  struct Host: Hashable {
    var meshCluster: String
    var pod: String
  }

  private var hosts: [String: Set<Host>] = [:]

  /// `groups`: of all whose hosts are to be told apart.
  init(_ groups: [LegTable.Group]) {
    for group in groups {
      guard let address = group.host else { continue }
      if let host = group.hostPod { hosts[address, default: []].insert(host) }
    }
    // An address that nobody's log is of is one host for each mesh cluster whose proxies call it.
    for group in groups {
      guard let address = group.host, group.hostPod == nil, let cluster = group.proxy?.meshCluster,
        !cluster.isEmpty, !(hosts[address] ?? []).contains(where: { $0.meshCluster == cluster })
      else { continue }
      hosts[address, default: []].insert(Host(meshCluster: cluster, pod: ""))
    }
  }

  /// The key of a group's host, and who it is as far as that is known.
  func host(of group: LegTable.Group) -> (key: String, host: Host?)? {
    guard let address = group.host else { return nil }
    let all = hosts[address] ?? []
    guard all.count > 1 else { return (address, all.first) }
    let host = group.hostPod ?? found(group, all)
    guard let host else { return (address, nil) }
    return ("\(address) \(host.meshCluster)/\(host.pod)", host)
  }

  /// The one of several that a proxy's mesh cluster, or the client's where there is none, leaves.
  private func found(_ group: LegTable.Group, _ all: Set<Host>) -> Host? {
    let cluster = group.proxy?.meshCluster ?? group.client?.meshCluster ?? ""
    let fitting = all.filter { $0.meshCluster == cluster }
    return fitting.count == 1 ? fitting.first : nil
  }
}
