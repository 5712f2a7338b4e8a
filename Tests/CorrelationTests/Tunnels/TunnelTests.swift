import AccessLog
import Testing

@testable import Correlation

/// What joins ztunnels' lines, and what must not.
@Suite struct `Connections of ztunnels` {
  private static let (web, items, waypoint) = (Int32(0), Int32(1), Int32(2))
  private static let day: Int64 = 1_795_000_000_000_000

  private static func address(_ net: Int64, _ port: Int64) -> Int64 { (10 << 24 + net) << 16 | port }

  /// Milliseconds; a connection of `web` to `items`.
  private static func tunnel(
    _ role: Role, at start: Int64, for duration: Int64, port: Int64, to host: Int64 = address(2, 8080),
    bytes: Int64 = 500, peer: Int32? = nil
  ) -> Hop {
    var hop = Hop(id: 0, role: role)
    hop.traits = [.connection, .ztunnel]
    (hop.start, hop.duration) = (day + start * 1000, duration * 1000)
    (hop.pod, hop.calledAs) = role == .client ? (web, peer ?? items) : (items, peer ?? web)
    (hop.workload, hop.meshCluster, hop.service) = (hop.pod, 0, 0)
    hop.downstreamRemote = address(1, port)
    if role == .server { hop.downstreamLocal = host }
    hop.upstreamHost = host
    (hop.bytesReceived, hop.bytesSent) = (90, bytes)
    return hop
  }

  /// What `Correlator` says, by the places of the hops as they are given.
  private static func told(_ hops: [Hop]) -> (
    parents: [Int: Link], carriers: [Int: [Link]], places: [Int64: Int]
  ) {
    let order = hops.indices.sorted { (hops[$0].start, $0) < (hops[$1].start, $1) }
    var places: [Int64: Int] = [:]
    let numbered = order.enumerated().map { rank, place in
      var hop = hops[place]
      hop.id = Int64(rank + 1)
      places[hop.id] = place
      return hop
    }
    let outcomes = Correlator().correlate(numbered).outcomes
    #expect(
      Correlator().correlate(numbered.reversed()).outcomes.map(\.parent?.target)
        == outcomes.map(\.parent?.target))
    var (parents, carriers): ([Int: Link], [Int: [Link]]) = ([:], [:])
    for outcome in outcomes {
      guard let place = places[outcome.hop] else { continue }
      parents[place] = outcome.parent
      carriers[place] = Array(outcome.carriers)
    }
    return (parents, carriers, places)
  }

  private static func parent(of place: Int, _ hops: [Hop]) -> Int? {
    let told = told(hops)
    return told.parents[place].flatMap { told.places[$0.target] }
  }

  @Test func `both ends of one are joined though their ports differ`() throws {
    let hops = [
      Self.tunnel(.client, at: 100, for: 20, port: 41_000),
      Self.tunnel(.server, at: 103, for: 15, port: 20_000),
    ]
    let link = try #require(Self.told(hops).parents[1])
    #expect(link.confidence > 0.99 && Self.parent(of: 1, hops) == 0)
  }

  @Test func `a port that two connections had tells nothing where the address or the bytes differ`() {
    let other = Self.tunnel(.client, at: 100, for: 20, port: 20_000, to: Self.address(3, 8080))
    let server = Self.tunnel(.server, at: 103, for: 15, port: 20_000)
    #expect(Self.parent(of: 1, [other, server]) == nil)
    let larger = Self.tunnel(.client, at: 100, for: 20, port: 20_000, bytes: 501)
    #expect(
      Self.parent(of: 1, [Self.tunnel(.client, at: 100, for: 20, port: 20_000, bytes: 499), server]) == nil)
    // More may have been sent than arrived.
    #expect(Self.parent(of: 1, [larger, server]) == nil)
  }

  @Test func `another pod is none of its ends`() {
    let hops = [
      Self.tunnel(.client, at: 100, for: 20, port: 41_000),
      Self.tunnel(.server, at: 103, for: 15, port: 20_000, peer: Hop.unseenPeer),
    ]
    #expect(Self.parent(of: 1, hops) == nil)
  }

  @Test func `connections that are alike share what can be known`() {
    var hops: [Hop] = []
    for number in 0..<2 {
      hops.append(Self.tunnel(.client, at: 100 + Int64(number), for: 20, port: 41_000 + Int64(number)))
      hops.append(Self.tunnel(.server, at: 103 + Int64(number), for: 15, port: 20_000))
    }
    let confidences = Self.told(hops).parents.values.map(\.confidence)
    #expect(confidences.count == 2 && confidences.allSatisfy { $0 < 0.9 })
  }

  private static func request(at start: Int64, for duration: Int64, sent: Int64 = 300) -> Hop {
    var hop = Hop(id: 0, role: .gateway)
    hop.traits = .waypoint
    (hop.start, hop.duration) = (day + start * 1000, duration * 1000)
    (hop.pod, hop.workload, hop.meshCluster, hop.service, hop.calledAs) = (waypoint, waypoint, 0, 0, 0)
    (hop.responseCode, hop.httpVersion, hop.bytesReceived, hop.bytesSent) = (200, 1, 0, sent)
    (hop.downstreamRemote, hop.downstreamLocal) = (address(1, 53_454), address(9, 80))
    hop.upstreamHost = address(2, 8080)
    return hop
  }

  private static func toWaypoint(at start: Int64, for duration: Int64, bytes: Int64) -> Hop {
    var hop = tunnel(.client, at: start, for: duration, port: 41_000, bytes: bytes, peer: waypoint)
    hop.traits.insert(.toProxy)
    (hop.upstreamHost, hop.downstreamLocal) = (address(3, 15_008), address(9, 80))
    return hop
  }

  @Test func `a waypoint's requests went over the connections on both sides`() {
    let hops = [
      Self.toWaypoint(at: 100, for: 300, bytes: 1200), Self.request(at: 102, for: 10),
      Self.request(at: 250, for: 10),
      Self.tunnel(.server, at: 101, for: 400, port: 30_000, bytes: 1100, peer: Self.waypoint),
    ]
    let told = Self.told(hops)
    for request in [1, 2] {
      let links = told.carriers[request] ?? []
      #expect(Set(links.compactMap { told.places[$0.target] }) == [0, 3])
      #expect(links.allSatisfy { $0.confidence > 0.99 })
    }
    #expect(told.parents.values.isEmpty)
  }

  @Test func `requests that overlap on one connection are two connections'`() {
    let hops = [
      Self.toWaypoint(at: 100, for: 60, bytes: 1200), Self.request(at: 102, for: 40),
      Self.request(at: 110, for: 40),
    ]
    let told = Self.told(hops)
    #expect([1, 2].allSatisfy { (told.carriers[$0] ?? []).allSatisfy { $0.confidence <= 0.5 } })
  }

  @Test func `more bytes than a connection had are another one's`() {
    let hops = [
      Self.toWaypoint(at: 100, for: 90, bytes: 500), Self.request(at: 102, for: 10),
      Self.request(at: 130, for: 10),
    ]
    let told = Self.told(hops)
    #expect([1, 2].allSatisfy { (told.carriers[$0] ?? []).allSatisfy { $0.confidence <= 0.5 } })
  }
}
