/// Addresses that pods of several mesh clusters have: clusters on separate networks may have equal ranges.
///
/// An address of these is another one in each of the clusters, so that none of the joins by address links what only looks
/// alike. All other addresses are taken as they are: clusters on one network do call each other directly.
package struct AddressScopes: Sendable {
  /// IPv4 addresses and the mesh clusters in which they are a pod's.
  private let clusters: [Int64: [Int32]]

  package init(_ clusters: [Int64: [Int32]] = [:]) { self.clusters = clusters.filter { $0.value.count > 1 } }

  package var isEmpty: Bool { clusters.isEmpty }

  /// Of an IPv4 key the bits above the address, which say where it is one; 0 for everywhere.
  private static let shift: Int64 = 48
  /// Mesh clusters that fit into these bits; hops of further ones keep their addresses.
  private static let most = 1 << 13

  /// Makes addresses that are several pods' those of the hop's own mesh cluster.
  /// - Returns: whether there were any.
  func apply(to hops: inout [Hop]) -> Bool {
    if isEmpty { return false }
    var hasAny = false
    for place in hops.indices where (0..<AddressScopes.most).contains(Int(hops[place].meshCluster)) {
      let cluster = hops[place].meshCluster
      scope(&hops[place].upstreamHost, cluster, &hasAny)
      scope(&hops[place].upstreamLocal, cluster, &hasAny)
      scope(&hops[place].downstreamLocal, cluster, &hasAny)
      scope(&hops[place].downstreamRemote, cluster, &hasAny)
    }
    return hasAny
  }

  /// What lies in a cluster that has no such pod is left as it is, and no pod's of the others.
  private func scope(_ address: inout Int64, _ cluster: Int32, _ hasAny: inout Bool) {
    guard let ip = AddressKey.ip(address), let known = clusters[ip] else { return }
    hasAny = true
    if known.contains(cluster) { address |= Int64(cluster + 1) << AddressScopes.shift }
  }
}
