internal import TraceStore

/// When a trace began and how long its requests took, on the clock of its first hop's mesh cluster; its carriers live
/// much longer and do not count.
///
/// Hops of another mesh cluster are moved by what its clock is ahead: with clocks five seconds apart, a request of
/// 50 ms would else seem to take five seconds, and its server to answer before it was asked.
struct TraceTimes: Sendable {
  /// The mesh cluster whose clock it is; empty where it has no name.
  let meshCluster: String
  /// Microseconds since the epoch.
  let start: Int64
  /// Microseconds, from the first start to the last end.
  let duration: Int64
  /// By mesh cluster: microseconds by which its clock is ahead; those that are not are left out.
  let aheads: [String: Int64]

  init(_ trace: StoredTrace, _ clocks: TraceClocks) {
    let root = trace.hops.first { $0.id == trace.root }
    let reference = root?.meshCluster ?? ""
    var aheads: [String: Int64] = [:]
    var last = reference
    for hop in trace.hops where hop.meshCluster != last && hop.meshCluster != reference {
      last = hop.meshCluster
      guard aheads[last] == nil else { continue }
      aheads[last] = clocks.offset(of: last, from: reference, at: root?.startMicroseconds ?? 0)
    }
    self.aheads = aheads.filter { $0.value != 0 }
    meshCluster = reference
    var (first, end) = (Int64.max, Int64.min)
    let linkedAlone = trace.hops.contains { trace.links[$0.id] != nil }
    // By place: a hop is some hundred bytes, of which three numbers are wanted.
    for place in trace.hops.indices where !linkedAlone || trace.links[trace.hops[place].id] != nil {
      let ahead = self.aheads.isEmpty ? 0 : self.aheads[trace.hops[place].meshCluster] ?? 0
      let start = trace.hops[place].startMicroseconds &- ahead
      first = min(first, start)
      end = max(end, start &+ max(0, trace.hops[place].durationMicroseconds ?? 0))
    }
    start = trace.hops.isEmpty ? 0 : first
    duration = trace.hops.isEmpty ? 0 : max(0, end &- first)
  }

  /// Microseconds by which the clock that logged a hop is ahead of the trace's.
  func ahead(_ hop: StoredHop) -> Int64 { aheads.isEmpty ? 0 : aheads[hop.meshCluster] ?? 0 }

  /// When a hop began, on the trace's clock; microseconds since the epoch.
  func start(of hop: StoredHop) -> Int64 { hop.startMicroseconds &- ahead(hop) }
}
