internal import AccessLog

/// Joins ztunnels' connections with each other, with those of gateways and sidecars, and with the requests that went over
/// them.
///
/// A ztunnel logs a connection of its app when it closes. It calls from its app's IP, but from a port of its own, since
/// the connections of one app to one pod share one HBONE connection; so a pair is told by IPs and names, by the address
/// that was asked for, by equal bytes, and by time. A connection carries many requests: it is their carrier, never a parent.
enum Tunnels {
  /// Adds what is found to the outcomes. Both lists are in the order of the hops' ids.
  static func link(_ hops: [Hop], _ names: TunnelNames, _ outcomes: inout [HopOutcome]) {
    guard hops.contains(where: \.isTunnel) else { return }
    let table = TunnelTable(hops, names)
    var places = [Int32](repeating: -1, count: hops.count)
    var next = 0
    for place in hops.indices {
      while next < outcomes.count, outcomes[next].hop < hops[place].id { next += 1 }
      if next < outcomes.count, outcomes[next].hop == hops[place].id { places[place] = Int32(next) }
    }
    var answered = Set<Int64>()
    for outcome in outcomes {
      if let parent = outcome.parent { answered.insert(parent.target) }
    }
    func isFree(_ place: Int) -> Bool { places[place] >= 0 && outcomes[Int(places[place])].parent == nil }
    func isUnanswered(_ place: Int) -> Bool { places[place] >= 0 && !answered.contains(hops[place].id) }

    let near = TunnelPairs(table).links(
      callers: table.callers.filter(isUnanswered), called: table.called.filter(isFree))
    for link in near { add(link, places[link.called], hops, &outcomes, &answered) }
    let far = RemoteTunnels(table).links(
      callers: table.outbound.filter(isUnanswered), called: table.called.filter(isFree))
    for link in far { add(link, places[link.called], hops, &outcomes, &answered) }

    let carriers = TunnelCarriers(table).claims(isUnanswered: isUnanswered, isFree: isFree)
    for claim in carriers {
      outcomes[Int(places[claim.request])].carriers.append(
        Link(
          kind: .via, hop: hops[claim.request].id, target: hops[claim.tunnel].id,
          confidence: claim.confidence, evidence: [.address, .time]))
      if places[claim.tunnel] >= 0 { outcomes[Int(places[claim.tunnel])].carrierStatus = .linked }
    }
  }

  private static func add(
    _ link: TunnelLink, _ outcome: Int32, _ hops: [Hop], _ outcomes: inout [HopOutcome],
    _ answered: inout Set<Int64>
  ) {
    let (caller, called) = (hops[link.caller].id, hops[link.called].id)
    outcomes[Int(outcome)].parent = Link(
      kind: .parent, hop: called, target: caller, confidence: link.confidence, evidence: link.evidence)
    answered.insert(caller)
  }
}
