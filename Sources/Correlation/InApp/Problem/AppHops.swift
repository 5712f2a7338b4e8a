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

extension AppHops {
  /// Puts hops of a pod that start at once in an order that what the lines say of them decides, not their ids: a hop's id
  /// holds a hash of its line, and another request id in it would be another order, and another answer.
  ///
  /// - Returns: whether the order has changed.
  mutating func orderByContent(_ hops: [Hop]) -> Bool {
    let changes = [AppHops.order(&servers, hops), AppHops.order(&clients, hops)]
    return changes.contains(true)
  }

  private static func order(_ indices: inout [Int32], _ hops: [Hop]) -> Bool {
    var hasChanged = false
    var first = 0
    while first < indices.count {
      let hop = hops[Int(indices[first])]
      var end = first + 1
      while end < indices.count, hops[Int(indices[end])].start == hop.start,
        hops[Int(indices[end])].pod == hop.pod
      { end += 1 }
      if end - first > 1 {
        let before = indices[first..<end]
        indices[first..<end].sort { isBefore(hops[Int($0)], hops[Int($1)]) }
        hasChanged = hasChanged || indices[first..<end] != before
      }
      first = end
    }
    return hasChanged
  }

  private static func isBefore(_ left: Hop, _ right: Hop) -> Bool {
    if left.duration != right.duration { return left.duration < right.duration }
    if left.bytesSent != right.bytesSent { return left.bytesSent < right.bytesSent }
    if left.bytesReceived != right.bytesReceived { return left.bytesReceived < right.bytesReceived }
    return (left.responseCode, left.headerBytes, left.id) < (right.responseCode, right.headerBytes, right.id)
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
