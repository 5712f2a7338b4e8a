internal import AccessLog

/// Tells pods apart where no name does: a merged log, a stream without `--prefix`.
///
/// A sidecar's lines name its own address: a server hop got its request at it, a client hop's app called from it. So
/// hops of one log without a pod's name belong to one pod per address.
enum PodAddresses {
  private struct Key: Hashable {
    var pod: Int32
    var address: Int64
  }

  /// Gives hops of unnamed pods (those without a workload) an index per address. The new indices follow the order of
  /// the hops, which their content decides.
  static func separate(_ hops: inout [Hop]) {
    guard hops.contains(where: { $0.workload < 0 }) else { return }
    var next = (hops.lazy.map(\.pod).max() ?? -1) + 1
    var pods: [Key: Int32] = [:]
    for index in hops.indices where hops[index].workload < 0 && hops[index].role != .proxy {
      let key = Key(pod: hops[index].pod, address: ownAddress(hops[index]))
      if let pod = pods[key] {
        hops[index].pod = pod
      } else {
        pods[key] = next
        hops[index].pod = next
        next += 1
      }
    }
  }

  /// An IPv4 address without its port; text addresses as they are, for their port cannot be told.
  private static func ownAddress(_ hop: Hop) -> Int64 {
    let isCalled = hop.role == .server || hop.role == .gateway
    let address = isCalled ? hop.downstreamLocal : hop.downstreamRemote
    return address > 0 ? address >> 16 : address
  }
}
