import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Reports read rollups; they must say what the hops and links say, however these came and went.
@Suite struct `Rollups are what their hops add up to` {
  static let lines = 800

  /// All that is made of rollups, as its bytes.
  static func reports(_ mesh: ScratchMesh) throws -> [[UInt8]] {
    var all = [
      try PathsReport(database: mesh.database).rendered(as: .json),
      try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).rendered(as: .json),
      try OpenMetrics(database: mesh.database).rendered(as: .openMetrics),
    ]
    for order in [TraceSearchOptions.Order.slowest, .borderCost] {
      var options = TraceSearchOptions()
      options.order = order
      all.append(try TraceSearch(database: mesh.database, options: options).rendered(as: .json))
    }
    for grouping in LoadOptions.Grouping.allCases {
      var options = LoadOptions()
      options.grouping = grouping
      all.append(try LoadReport(database: mesh.database, options: options).rendered(as: .json))
    }
    return all
  }

  @Test(arguments: LogSetPlace.samples.andLarge(["faults", "chain", "nat-window", "imbalance", "h2"]))
  func `after halves, doubles and late lines in any order`(place: LogSetPlace) throws {
    let set = try place.loadForTest(atMost: Self.lines)
    let whole = try ScratchMesh()
    try whole.feed(set.files, IngestOptions())
    let expected = try Self.reports(whole)
    #expect(try StoreCheck(database: whole.database).problems() == [])
    var random = SplitMix64(seed: 5)
    let pieces = try ScratchMesh()
    let odd = set.mapping { $0.keeping { $0 % 2 == 1 } }
    let even = set.mapping { $0.keeping { $0 % 2 == 0 } }
    for piece in [odd, even, odd] {
      try pieces.feed(piece.files.shuffled(using: &random), IngestOptions())
    }
    #expect(try StoreCheck(database: pieces.database).problems() == [])
    #expect(try Self.reports(pieces) == expected)
  }

  @Test(arguments: [3, 17, 60])
  func `after pruning, as if the old lines had never been there`(seconds: Int) throws {
    let set = try LogSetPlace.samples.loadForTest(atMost: 6000)
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    _ = try Prune(database: mesh.database, olderThan: TypedDuration("\(seconds)s"), compacts: seconds == 17)
      .run()
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    let kept = try mesh.read { reader in Set(try reader.hops().map { "\($0.source):\($0.line)" }) }
    #expect(!kept.isEmpty && kept.count < set.lineCount)
    let fresh = try ScratchMesh()
    let rest = set.mapping { file in file.keeping { kept.contains("\(file.name):\($0 + 1)") } }
    try fresh.feed(rest.files.filter { $0.lines.contains { !$0.isEmpty } }, IngestOptions())
    #expect(try mesh.export() == fresh.export())
    #expect(try Self.reports(mesh) == Self.reports(fresh))
  }

  @Test func `a rollup that was tampered with is found`() throws {
    let mesh = try ScratchMesh()
    try mesh.feed(try LogSetPlace.samples.loadForTest(atMost: 500).files, IngestOptions())
    try mesh.edit("UPDATE leg_rollup SET attempts = attempts + 1")
    let problems = try StoreCheck(database: mesh.database).problems()
    #expect(!problems.isEmpty && problems.allSatisfy { $0.contains("rollups") })
  }
}

@Suite struct `Counts per pod are the true ones` {
  /// truth-pods.json: what the generator of the traffic counted.
  @Test(.needsLargeSets, arguments: ["imbalance", "nat"])
  func `requests and connections of every server`(name: String) throws {
    let place = try #require(LogSetPlace.large.first { $0.name == name })
    let mesh = try ScratchMesh()
    try mesh.feed(try place.load().files, IngestOptions())
    let truth = try JSONValue(parsing: LogFile(reading: place.folder + "/truth-pods.json").bytes)
    let report = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read()
    let hosts = report.services.flatMap { $0.spread.hosts.values }
    guard case .object(let pods) = truth else { throw NotAnObject() }
    for (pod, counts) in pods where counts["role"]?.string == "server" {
      let host = try #require(hosts.first { $0.pod == pod })
      #expect(host.requests == counts["server_lines"]?.integer)
      #expect(Int64(host.connections) == counts["proxy_connections_to_it"]?.integer)
    }
    #expect(hosts.count == pods.values.count { $0["role"]?.string == "server" })
  }

  /// The proxy's log is empty: all connections were open when it was fetched. (The set's truth-pods.json counts the
  /// whole run, of which these logs are the first half a minute: the servers' lines are counted.)
  @Test(.needsLargeSets)
  func `requests of every server without a proxy's line, and what is not known is said`()
    throws
  {
    let place = try #require(LogSetPlace.large.first { $0.name == "imbalance-open" })
    let set = try place.load()
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    let report = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read()
    let hosts = report.services.flatMap { $0.spread.hosts.values }
    #expect(hosts.count == 6)
    for host in hosts {
      let log = try #require(set.files.first { $0.identity?.pod == host.pod })
      #expect(host.requests == Int64(log.lines.count))
    }
    #expect(report.services.allSatisfy { $0.caveats.contains { $0.contains("No proxy's line is linked") } })
  }

  private struct NotAnObject: Error {}
}
