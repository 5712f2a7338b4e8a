internal import AccessLog
internal import Correlation

/// The hops from a request's server, or from a gateway whose server has no line, up to its first caller.
struct Way {
  /// Where it ends.
  let end: Int
  /// Who called the end; -1 where nobody's line tells.
  private(set) var caller = -1
  /// Its first hop: a client's, or a gateway's that nobody's line calls.
  private(set) var top: Int
  /// Nobody's line tells who called its first hop, which is no caller of its own: a waypoint stands for its service.
  private(set) var isHeadless = false
  /// The ztunnel connection on which the first hop was called, where it is a gateway's: its pod is the caller. -1 for none.
  private(set) var tunnel = -1
  /// Pods of gateways and carriers between the first caller and the server, in this order.
  private(set) var proxies: [Int32] = []
  /// Whether it was the last attempt of each of them.
  private(set) var isAnswer = true
  /// Of the weakest link.
  private(set) var confidence = 1.0

  /// Gateways that a request passes at most: hostile links must not lead on for ever.
  private static let longest = 16

  /// The pod that made the first call; -1 where nobody's line tells.
  func clientPod(_ hops: [Hop]) -> Int32 {
    if tunnel >= 0 { return hops[tunnel].pod }
    return isHeadless ? -1 : hops[top].pod
  }

  init(upFrom end: Int, _ hops: [Hop], _ relations: HopRelations) {
    self.end = end
    top = end
    var reversed: [Int32] = []
    func add(_ carrier: Int32) -> Bool {
      if carrier >= 0 { reversed.append(hops[Int(carrier)].pod) }
      return carrier >= 0
    }
    if hops[end].role == .gateway {
      _ = add(relations.carrier[end])
      reversed.append(hops[end].pod)
    } else {
      confidence = relations.parentConfidence[end]
    }
    var hasCarrier =
      hops[end].role == .gateway ? add(relations.inboundCarrier[end] ?? -1) : add(relations.carrier[end])
    for _ in 0..<Way.longest {
      let above = Int(relations.client[top])
      guard above >= 0 else { break }
      if top == end { caller = above }
      confidence = min(confidence, relations.parentConfidence[top])
      if Int(relations.answer[above]) != top { isAnswer = false }
      if !hasCarrier { _ = add(relations.carrier[above]) }
      top = above
      guard hops[above].role == .gateway else { break }
      reversed.append(hops[above].pod)
      hasCarrier = add(relations.inboundCarrier[above] ?? -1)
    }
    if hops[top].role == .gateway {
      tunnel = Int(relations.tunnelTo[top] ?? -1)
      // Where the caller's IP is known, only the connection is in doubt, not whose it is.
      if tunnel >= 0, hops[top].downstreamRemote == 0 || hops[top].meshCluster != hops[tunnel].meshCluster {
        confidence = min(confidence, relations.tunnelConfidence[top] ?? 1)
      }
      isHeadless = hops[top].traits.contains(.waypoint)
      // The first of them is the caller, unless it stands for its service or a ztunnel tells who called it.
      if !isHeadless, tunnel < 0 {
        if hasCarrier { reversed.removeLast() }
        reversed.removeLast()
      }
    }
    proxies = reversed.reversed()
  }
}
