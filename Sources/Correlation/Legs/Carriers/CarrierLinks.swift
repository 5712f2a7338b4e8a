internal import AccessLog

/// Client hop → carrier, where a join or the triangle gives it.
enum CarrierLinks {
  static let ownConfidence = 0.9998
  static let sharedConfidence = 0.9985

  /// `client.upstreamLocal == proxy.downstreamRemote` and the same service: no NAT in between.
  static func byAddress(
    _ table: HopTable, _ connections: Connections, _ repeated: RepeatedLines, _ clocks: ClockTable,
    _ links: inout LinkTable
  ) {
    let carriers = AddressJoin.Carriers(table) { hop in
      hop.downstreamRemote == 0
        ? nil : FlatKey(UInt64(bitPattern: hop.downstreamRemote), FlatKey.pack(0, hop.service), 0)
    }
    if carriers.isEmpty { return }
    for group in 0..<connections.count {
      let members = connections.grouping[group]
      guard let first = members.first.map({ table[$0] }) else { continue }
      let candidates = carriers(
        FlatKey(UInt64(bitPattern: first.upstreamLocal), FlatKey.pack(0, first.service), 0))
      if candidates.isEmpty { continue }
      for member in members {
        let hop = table[member]
        let skew = clocks.pair(hop, table[candidates[candidates.startIndex]]).skew(at: hop.start)
        // The middle of the request: its beginning may lie before the connection's, its end just after.
        let carrier = AddressJoin.holder(
          of: hop.start + max(0, hop.duration) / 2 + skew, among: candidates, repeated, table)
        if carrier >= 0 {
          links.carrier.set(member, carrier, AddressJoin.confidence, [.address])
        }
      }
    }
  }

  /// Through the server hops of the same connection, which name their carrier.
  static func byTriangle(_ table: HopTable, _ triangle: Triangle, _ links: inout LinkTable) {
    for run in 0..<triangle.clients.count {
      let partner = triangle.partner[run]
      guard partner >= 0, let sample = triangle.servers[Int(partner)].first else { continue }
      let carrier = links.carrier.target[Int(sample)]
      if carrier < 0 { continue }
      let surest = surestParent(triangle.clients[run], partner, triangle.servers, links)
      for hop in triangle.clients[run] where links.carrier.target[Int(hop)] < 0 {
        let answer = links.answeredBy[Int(hop)]
        if answer >= 0, triangle.servers.of[Int(answer)] == partner {
          let evidence = Evidence(rawValue: links.parent.evidence[Int(answer)])
          links.carrier.set(hop, carrier, min(surest, ownConfidence), evidence.union(.address))
        } else {
          links.carrier.set(hop, carrier, sharedConfidence, [.triangle, .time])
        }
      }
    }
  }

  /// How sure it is that the two runs are one connection: all of a connection's requests went over one carrier,
  /// so the surest of them speaks for those, too, that a multiplexed connection hardly tells from each other.
  private static func surestParent(
    _ clients: ArraySlice<Int32>, _ partner: Int32, _ servers: ConnectionRuns, _ links: LinkTable
  ) -> Double {
    var surest: Float = 0
    for hop in clients {
      let answer = links.answeredBy[Int(hop)]
      if answer >= 0, servers.of[Int(answer)] == partner {
        surest = max(surest, links.parent.confidence[Int(answer)])
      }
    }
    return Double(surest)
  }
}
