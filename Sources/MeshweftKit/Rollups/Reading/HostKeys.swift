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

  /// Who had an address: pods by mesh cluster.
  private struct Holders {
    var pods: [String: Set<String>] = [:]
    var count = 0
    /// One of them.
    var host: Host?

    mutating func insert(_ host: Host) {
      guard pods[host.meshCluster, default: []].insert(host.pod).inserted else { return }
      count += 1
      self.host = host
    }
  }

  private var holders: [String: Holders] = [:]
  private let known: KnownHosts

  /// `groups`: of all whose hosts are to be told apart; `known` names those of which no log is there.
  init(_ groups: [LegTable.Group], _ known: KnownHosts = KnownHosts()) {
    self.known = known
    for group in groups {
      guard let address = group.host else { continue }
      if let host = group.hostPod { holders[address, default: Holders()].insert(host) }
    }
    // An address that nobody's log is of is one host for each mesh cluster whose proxies call it.
    for group in groups {
      guard let address = group.host, group.hostPod == nil, let cluster = group.proxy?.meshCluster,
        !cluster.isEmpty, holders[address]?.pods[cluster] == nil
      else { continue }
      holders[address, default: Holders()].insert(Host(meshCluster: cluster, pod: ""))
    }
  }

  /// The key of a group's host, and who it is as far as that is known.
  func host(of group: LegTable.Group) -> (key: String, host: Host?)? {
    guard let address = group.host else { return nil }
    guard let all = holders[address], all.count > 1 else {
      return (address, named(holders[address]?.host, address, group))
    }
    guard let host = group.hostPod ?? HostKeys.found(group, all) else { return (address, nil) }
    return ("\(address) \(host.meshCluster)/\(host.pod)", host)
  }

  /// With the pod that Kubernetes has at the address, where no log tells of one.
  private func named(_ host: Host?, _ address: String, _ group: LegTable.Group) -> Host? {
    if let host, !host.pod.isEmpty || group.hostPod != nil { return host }
    let cluster = host?.meshCluster ?? group.proxy?.meshCluster ?? group.client?.meshCluster ?? ""
    guard let pod = known.pod(at: address, from: cluster) else { return host }
    return Host(
      meshCluster: pod.meshCluster.isEmpty ? host?.meshCluster ?? "" : pod.meshCluster, pod: pod.name)
  }

  /// The one of several that a proxy's mesh cluster, or the client's where there is none, leaves.
  private static func found(_ group: LegTable.Group, _ all: Holders) -> Host? {
    let cluster = group.proxy?.meshCluster ?? group.client?.meshCluster ?? ""
    guard let pods = all.pods[cluster], pods.count == 1, let pod = pods.first else { return nil }
    return Host(meshCluster: cluster, pod: pod)
  }
}
