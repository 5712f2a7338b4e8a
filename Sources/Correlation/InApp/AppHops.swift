internal import AccessLog

/// The server and client hops of one workload, each in the order of (pod, start, id), as indices into the input.
///
/// Everything that the matcher does follows this order, which the hops' content alone decides: pods and workloads
/// come in the order of their first hop, never in that of their index numbers or of the input.
struct AppHops {
  var servers: [Int32] = []
  var clients: [Int32] = []

  /// Splits hops into workloads; a pod whose workload is not known is a workload of its own.
  ///
  /// Hops without a pod, and hops of other roles, take no part. n log n.
  static func byWorkload(_ hops: [Hop]) -> [AppHops] {
    let order = sortedByPod(hops)
    var groups: [AppHops] = []
    var groupOf: [Int64: Int] = [:]
    for index in order {
      let hop = hops[Int(index)]
      let key = hop.workload >= 0 ? Int64(hop.workload) << 1 : Int64(hop.pod) << 1 | 1
      let group = groupOf[key] ?? groups.count
      if group == groups.count {
        groups.append(AppHops())
        groupOf[key] = group
      }
      if hop.role == .server {
        groups[group].servers.append(index)
      } else {
        groups[group].clients.append(index)
      }
    }
    return groups
  }

  /// Indices of the hops that take part: pods in the order of their first hop, within a pod by start, then id.
  private static func sortedByPod(_ hops: [Hop]) -> [Int32] {
    var order: [(start: Int64, id: Int64, index: Int32)] = []
    order.reserveCapacity(hops.count)
    for (index, hop) in hops.enumerated()
    where hop.pod >= 0 && (hop.role == .server || hop.role == .client) {
      order.append((hop.start, hop.id, Int32(index)))
    }
    order.sort { ($0.start, $0.id) < ($1.start, $1.id) }
    var rank: [Int32: Int] = [:]
    var pods: [[Int32]] = []
    for entry in order {
      let pod = hops[Int(entry.index)].pod
      let place = rank[pod] ?? pods.count
      if place == pods.count {
        pods.append([])
        rank[pod] = place
      }
      pods[place].append(entry.index)
    }
    return pods.flatMap { $0 }
  }
}
