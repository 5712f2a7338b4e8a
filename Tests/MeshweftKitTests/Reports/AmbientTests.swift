import Foundation
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Ambient meshes with known truth: which request went over which ztunnel's connection, and which two lines are of one.
@Suite struct `Ambient paths` {
  private static let layouts: [AmbientLog.Mesh] = AmbientLog.Layout.allCases.flatMap { layout in
    let ahead = layout == .acrossNetworks ? 40.0 : 0
    return [
      AmbientLog.Mesh(layout: layout, ahead: ahead),
      AmbientLog.Mesh(layout: layout, seed: 2, pause: 25, perConnection: 12, isJSON: true, ahead: ahead),
      AmbientLog.Mesh(layout: layout, seed: 4, pause: 10, perConnection: 200, leavesOpen: true, ahead: ahead),
      AmbientLog.Mesh(
        layout: layout, seed: 3, callers: 2, waypoints: 1, perConnection: 3, isIPv6: true, isUniform: true,
        isOneNode: !layout.isRemote, ahead: ahead),
    ]
  }

  /// What was said of links, against the truth.
  private struct Score {
    var wanted = 0
    var right = 0
    var wrong = 0
    /// Wrong ones of which it was said that they are surely right.
    var surelyWrong: [String] = []

    mutating func add(
      _ truth: Set<AmbientLog.Key>, _ said: [(key: AmbientLog.Key, confidence: Double)], _ hop: AmbientLog.Key
    ) {
      wanted += truth.count
      for claim in said {
        if truth.contains(claim.key) {
          right += 1
        } else {
          wrong += 1
          if claim.confidence >= 0.9 { surelyWrong.append("\(hop) → \(claim.key) \(claim.confidence)") }
        }
      }
    }
  }

  private static func key(_ hop: JSONValue) throws -> AmbientLog.Key {
    let text = try #require(hop["start_time"]?.string)
    let digits = text.dropFirst(11).filter(\.isNumber)
    let fraction = String(digits.dropFirst(6))
    let parts = [digits.prefix(2), digits.dropFirst(2).prefix(2), digits.dropFirst(4).prefix(2)].compactMap {
      Int64(String($0))
    }
    let micros = Int64(fraction.padding(toLength: 6, withPad: "0", startingAt: 0)) ?? 0
    return AmbientLog.Key(
      role: hop["role"]?.string ?? "", pod: hop["pod"]?.string ?? "",
      start: ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1_000_000 + micros)
  }

  private static func scores(_ log: AmbientLog, _ mesh: ScratchMesh) throws -> (
    parents: Score, carriers: Score
  ) {
    var (parents, carriers) = (Score(), Score())
    for trace in try JSONValue.lines(try mesh.export()) {
      let hops = try #require(trace["hops"]?.array)
      let keys = try hops.map(key)
      for (hop, key) in zip(hops, keys) {
        // A carrier among a trace's hops says nothing of itself here.
        guard let via = hop["via"]?.array else { continue }
        func claim(_ value: JSONValue?) -> (key: AmbientLog.Key, confidence: Double)? {
          guard let value, let place = value["hop"]?.integer else { return nil }
          return (keys[Int(place)], value["confidence"]?.number ?? 0)
        }
        parents.add(
          Set([log.parents[key]].compactMap(\.self)), [claim(hop["parent"])].compactMap(\.self), key)
        carriers.add(log.carriers[key] ?? [], via.compactMap(claim), key)
      }
    }
    return (parents, carriers)
  }

  @Test(arguments: layouts)
  func `links are right, and none that is wrong is sure`(_ kind: AmbientLog.Mesh) throws {
    let log = AmbientLog(kind)
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    let (parents, carriers) = try Self.scores(log, mesh)
    #expect(parents.surelyWrong.isEmpty && carriers.surelyWrong.isEmpty)
    // Through a NAT nothing but time tells connections apart that all have the same bytes.
    let isToldByTime = kind.layout.isRemote && kind.isUniform
    #expect(parents.right * 200 >= parents.wanted * (isToldByTime ? 160 : 199))
    // What went over the connections of one mesh cluster is found wherever these have a line.
    if !kind.layout.isRemote { #expect(carriers.right * 20 >= carriers.wanted * 17) }
  }

  @Test(arguments: layouts)
  func `requests count once, at the host that served, and connections where nobody sees requests`(
    _ kind: AmbientLog.Mesh
  ) throws {
    let log = AmbientLog(kind)
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    let seesRequests = kind.layout != .ztunnels && kind.layout != .acrossNetworks
    let paths = try PathsReport(database: mesh.database).summary().paths
    #expect(paths.reduce(0) { $0 + $1.requests } == (seesRequests ? Int64(log.requestCount) : 0))
    let services = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read().services
    let hosts = Set(services.flatMap { $0.spread.hosts.keys })
    let wanted = Set((0..<kind.servers).map { log.host($0) })
    #expect(hosts.isSubset(of: wanted))
    if !kind.leavesOpen { #expect(hosts == wanted) }
    #expect(services.map(\.spread.service).allSatisfy { $0.hasPrefix(AmbientLog.service) })
    if seesRequests, !kind.leavesOpen, !kind.layout.isRemote {
      #expect(
        paths.map { $0.way.from?.workload } == [
          kind.layout == .ingressToWaypoint ? "shop-gateway-istio" : "web"
        ])
      #expect(paths.map { $0.way.via.map(\.workload) } == [kind.layout.hasWaypoint ? ["shop-waypoint"] : []])
    }
  }

  @Test func `a carrier was open while its request ran, however many connections there are`() throws {
    let log = AmbientLog(AmbientLog.Mesh(layout: .waypoint, seed: 6, requests: 600, pause: 0.5))
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    var carriers = 0
    for trace in try JSONValue.lines(try mesh.export()) {
      let hops = try #require(trace["hops"]?.array)
      func time(_ hop: JSONValue) throws -> ClosedRange<Int64> {
        let start = try Self.key(hop).start
        return start...start + Int64((hop["duration_ms"]?.number ?? 0) * 1000)
      }
      for hop in hops {
        for link in hop["via"]?.array ?? [] {
          let carrier = try time(hops[Int(try #require(link["hop"]?.integer))])
          let request = try time(hop)
          carriers += 1
          #expect(
            carrier.lowerBound <= request.lowerBound + 5000 && carrier.upperBound + 5000 >= request.upperBound
          )
        }
      }
    }
    #expect(carriers > 1000)
  }

  @Test func `a way is told in the order in which a request went`() throws {
    let log = AmbientLog(AmbientLog.Mesh(layout: .waypoint, seed: 7, waypoints: 1, perConnection: 20))
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    var options = TraceSearchOptions()
    options.limit = 100
    let found = try TraceSearch(database: mesh.database, options: options).find().traces.map(
      TraceSummary.init)
    let ways = Set(found.filter { $0.first?.role == "gateway" }.map(\.way))
    #expect(ways.contains("web@one → shop-waypoint@one → items@one"))
    #expect(ways.allSatisfy { "web@one → shop-waypoint@one → items@one".contains($0) }, "\(ways)")
  }

  @Test func `each connection counts, though all of an app to a pod have one tunnel`() throws {
    let log = AmbientLog(AmbientLog.Mesh(layout: .ztunnels, seed: 8, perConnection: 1))
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    let services = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read().services
    let connections = services.flatMap { $0.spread.hosts.values }.reduce(0) { $0 + $1.connections }
    #expect(connections * 2 == log.connectionCount)
  }

  @Test func `a waypoint's times are those of requests that nobody else timed`() throws {
    let log = AmbientLog(AmbientLog.Mesh(layout: .waypoint, seed: 9))
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    let paths = try PathsReport(database: mesh.database).summary().paths
    #expect(!paths.isEmpty && paths.allSatisfy { $0.clientTimes.count == $0.requests })
  }

  @Test func `the order of the lines does not matter, nor how often they are fed`() throws {
    let log = AmbientLog(AmbientLog.Mesh(layout: .waypoint, seed: 5, perConnection: 6))
    let whole = try ScratchMesh()
    try whole.feed(log.files, IngestOptions())
    let parts = try ScratchMesh()
    for file in log.files.reversed() { try parts.feed([file], IngestOptions()) }
    #expect(try parts.export() == whole.export())
    #expect(
      try PathsReport(database: parts.database).summary().paths.map(\.requests)
        == PathsReport(database: whole.database).summary().paths.map(\.requests))
  }

  /// The logs of pods whose names begin so are not there.
  private static func without(_ prefix: String, _ layout: AmbientLog.Layout) throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    let log = AmbientLog(AmbientLog.Mesh(layout: layout, requests: 20))
    try mesh.feed(log.files.filter { !$0.name.contains(prefix) }, IngestOptions())
    return mesh
  }

  private static func inferred(_ mesh: ScratchMesh) throws -> Set<String> {
    let all = try JSONValue.lines(try mesh.export()).flatMap { $0["inferred"]?.array ?? [] }
    return Set(all.map { "\($0["role"]?.string ?? "") \($0["relation"]?.string ?? "")" })
  }

  @Test(
    arguments: [
      ("-waypoint", AmbientLog.Layout.waypoint, ["waypoint called", "waypoint caller"]),
      ("ztunnel-x7k2p", .waypoint, ["ztunnel caller"]), ("ztunnel-b9w4d", .waypoint, ["ztunnel called"]),
      ("ztunnel-x7k2p", .ztunnels, ["ztunnel caller"]), ("ztunnel-b9w4d", .ztunnels, ["ztunnel called"]),
      ("ztunnel-b9w4d", .acrossNetworks, ["gateway called"]),
      ("ztunnel-x7k2p", .acrossNetworks, ["gateway caller"]), ("nothing", .ztunnels, []),
      ("nothing", .waypoint, []),
    ])
  func `what must have been there is inferred from its neighbours' lines`(
    _ missing: String, _ layout: AmbientLog.Layout, _ wanted: [String]
  ) throws {
    let mesh = try Self.without(missing, layout)
    #expect(try Self.inferred(mesh) == Set(wanted))
    let gaps = try Doctor(database: mesh.database).text()
    let isNamed =
      gaps.contains("Telemetry") || gaps.contains("app=ztunnel") || gaps.contains("ztunnels and waypoints")
    if wanted.contains(where: { $0.hasSuffix("called") }) { #expect(isNamed) }
    if missing == "nothing" { #expect(!isNamed) }
  }

  @Test func `a trace draws it in brackets`() throws {
    let mesh = try Self.without("ztunnel", .waypoint)
    let trace = try #require(
      try JSONValue.lines(try mesh.export()).first { $0["inferred"]?.array?.count == 2 }?["trace_id"]?.string)
    let text = try TraceLookup(database: mesh.database).find(trace).map { TraceText($0).text }.joined()
    #expect(text.contains("(ztunnel)") && text.contains("  gateway") && text.contains("is inferred: "))
  }
}
