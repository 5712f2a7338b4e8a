package import Correlation

/// New indices by old ones.
package struct HopRenumbering: Sendable {
  fileprivate var pods, meshClusters, workloads, services: [Int32]

  /// Whether hops that were read before name other ends of connections than they do now.
  package let hasOtherPeers: Bool

  init(
    pods: [Int32], meshClusters: [Int32], workloads: [Int32], services: [Int32], hasOtherPeers: Bool = false
  ) {
    self.hasOtherPeers = hasOtherPeers
    self.pods = pods
    self.meshClusters = meshClusters
    self.workloads = workloads
    self.services = services
  }

  /// Whether any index is another one now.
  package var changesAny: Bool {
    [pods, meshClusters, workloads, services].contains { places in
      zip(places.indices, places).contains { $0 != Int($1) }
    }
  }

  package func apply(to hop: inout Hop) {
    if hop.pod >= 0 { hop.pod = pods[Int(hop.pod)] }
    if hop.meshCluster >= 0 { hop.meshCluster = meshClusters[Int(hop.meshCluster)] }
    if hop.workload >= 0 { hop.workload = workloads[Int(hop.workload)] }
    if hop.service >= 0 { hop.service = services[Int(hop.service)] }
    if hop.calledAs >= 0 {
      hop.calledAs = hop.isTunnel ? pods[Int(hop.calledAs)] : services[Int(hop.calledAs)]
    }
  }
}
