internal import AccessLog

/// Pairs the lines that the two ends of a connection have in two mesh clusters, with an east-west gateway between them that a
/// NAT hides or that logs nothing: by the service's host, bytes and time, as TCP connections of sidecars (`ConnectionMatcher`).
struct RemoteTunnels {
  private let table: TunnelTable

  /// Pairs of which bytes leave no doubt that clocks and ways are taken from at least; with fewer none is sure.
  private static let leastAnchors = 3
  private static let unsureConfidence = 0.8

  init(_ table: TunnelTable) { self.table = table }

  /// `callers` and `called`: places of connections that have no other end yet.
  func links(callers: [Int], called: [Int]) -> [TunnelLink] {
    let callers = callers.filter { table.hops[$0].traits.contains(.toProxy) }
    let called = called.filter { table.hops[$0].isTunnel && !isLocal($0) }
    if callers.isEmpty || called.isEmpty { return [] }
    let places = (callers + called).sorted()
    let matched = HopTable(places.enumerated().map { end(of: $1, id: Int64($0)) })
    var links = LinkTable(count: places.count)
    ConnectionMatcher(matched, ClockTable(matched)).link(&links)
    let sure = surePairs(callers, called)
    return places.indices.compactMap { number in
      let parent = Int(links.parent.target[number])
      guard parent >= 0, table.areApart(places[parent], places[number]) else { return nil }
      let confidence = Double(links.parent.confidence[number])
      let isSure = sure.contains(pair(places[parent], places[number]))
      return TunnelLink(
        caller: places[parent], called: places[number],
        confidence: isSure ? confidence : min(confidence, RemoteTunnels.unsureConfidence),
        evidence: [.bytes, .time])
    }
  }

  /// Whether an app or a waypoint of its own network called it, as far as its line says: gateways call for others.
  private func isLocal(_ called: Int) -> Bool {
    let peer = table.hops[called].peer
    return peer >= 0 && !table.gatewayPods.contains(peer)
  }

  /// A line as that of a sidecar's TCP connection, whose service is known by its host alone: the port of the service and that
  /// of the pod are two.
  private func end(of place: Int, id: Int64) -> Hop {
    var hop = table.hops[place]
    hop.id = id
    hop.traits = .connection
    hop.calledAs = -1
    hop.service = table.names.host(ofService: hop.service) ?? -1
    return hop
  }

  private func pair(_ caller: Int, _ called: Int) -> UInt64 {
    FlatKey.pack(table.hops[caller].meshCluster, table.hops[called].meshCluster)
  }

  private struct Bytes: Hashable {
    var host: Int32
    var received: Int64
    var sent: Int64
  }

  /// Pairs of mesh clusters between which enough connections have bytes of their own.
  private func surePairs(_ callers: [Int], _ called: [Int]) -> Set<UInt64> {
    func bytes(_ place: Int) -> Bytes {
      let hop = table.hops[place]
      return Bytes(
        host: table.names.host(ofService: hop.service) ?? -1, received: hop.bytesReceived, sent: hop.bytesSent
      )
    }
    let ones = Dictionary(grouping: callers, by: bytes)
    var counts: [UInt64: Int] = [:]
    for (bytes, others) in Dictionary(grouping: called, by: bytes) where others.count == 1 {
      if let own = ones[bytes], own.count == 1 { counts[pair(own[0], others[0]), default: 0] += 1 }
    }
    return Set(counts.filter { $0.value >= RemoteTunnels.leastAnchors }.keys)
  }
}
