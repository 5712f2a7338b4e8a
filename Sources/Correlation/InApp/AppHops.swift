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
  /// Hops without a pod, and hops of other roles, take no part; `bothEnds` leaves out workloads that only call or are
  /// only called. n log n.
  static func byWorkload(_ hops: [Hop], bothEnds: Bool = false) -> [AppHops] {
    var groups: [AppHops] = []
    var numbers = GroupNumbers(hops)
    for index in sortedByPod(hops, bothEnds ? numbers.withBothEnds(hops) : nil) {
      let group = numbers.number(hops[Int(index)])
      if group == groups.count { groups.append(AppHops()) }
      if hops[Int(index)].role == .server {
        groups[group].servers.append(index)
      } else {
        groups[group].clients.append(index)
      }
    }
    return groups
  }

  /// Indices of the hops that take part: pods in the order of their first hop, within a pod by start, then id.
  /// `wanted`: by `GroupNumbers.key`; nil for all.
  private static func sortedByPod(_ hops: [Hop], _ wanted: [Bool]?) -> [Int32] {
    var order: [(start: Int64, id: Int64, index: Int32)] = []
    var isSorted = true
    for index in hops.indices where GroupNumbers.takesPart(hops[index]) {
      if let wanted, !wanted[GroupNumbers.key(hops[index])] { continue }
      let (start, id) = (hops[index].start, hops[index].id)
      if let last = order.last, (last.start, last.id) > (start, id) { isSorted = false }
      order.append((start, id, Int32(index)))
    }
    if !isSorted { order.sort { ($0.start, $0.id) < ($1.start, $1.id) } }
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

/// Numbers workloads in the order in which they are asked for.
private struct GroupNumbers {
  private var numbers: [Int32]
  private var count = 0

  init(_ hops: [Hop]) {
    numbers = [Int32](repeating: -1, count: (hops.lazy.map(GroupNumbers.key).max() ?? -1) + 1)
  }

  static func takesPart(_ hop: Hop) -> Bool { hop.pod >= 0 && (hop.role == .server || hop.role == .client) }

  /// Small, and different for every workload, and for every pod without one.
  @inline(__always)
  static func key(_ hop: Hop) -> Int {
    hop.workload >= 0 ? Int(hop.workload) << 1 : Int(max(0, hop.pod)) << 1 | 1
  }

  mutating func number(_ hop: Hop) -> Int {
    let key = GroupNumbers.key(hop)
    if numbers[key] < 0 {
      numbers[key] = Int32(count)
      count += 1
    }
    return Int(numbers[key])
  }

  /// By key: whether some pod of the workload was called, and some pod called.
  func withBothEnds(_ hops: [Hop]) -> [Bool] {
    var ends = [UInt8](repeating: 0, count: numbers.count)
    for hop in hops where GroupNumbers.takesPart(hop) {
      ends[GroupNumbers.key(hop)] |= hop.role == .server ? 1 : 2
    }
    return ends.map { $0 == 3 }
  }
}
