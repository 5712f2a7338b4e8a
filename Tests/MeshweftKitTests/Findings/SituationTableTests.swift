import Foundation
import TestSupport
import Testing

@testable import MeshweftKit

@Suite struct `What is concluded in a situation` {
  /// Every situation against every kind: what must be found is, and nothing else is.
  @Test(arguments: Situation.all) func `each kind is found where it is due, and nowhere else`(
    _ situation: Situation
  ) throws {
    let mesh = try ScratchMesh()
    var options = IngestOptions()
    options.correlates = true
    try mesh.feed(situation.make().files, options)
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    let report = try FindingsReport(database: mesh.database, options: FindingsOptions()).read()
    let kinds = Set(report.findings.map(\.kind.rawValue))
    #expect(situation.found.subtracting(kinds) == [], "\(report.findings.map(\.sentence))")
    #expect(
      kinds.subtracting(situation.found).subtracting(situation.allowed) == [],
      "\(report.findings.map(\.sentence))")
    guard let cause = situation.cause else { return }
    let imbalance = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read()
    let cart = imbalance.services.first { $0.spread.service.hasPrefix(SituationLog.service) }
    #expect(cart?.cause.rawValue == cause)
  }

  @Test
  func
    `every kind of spread and failure has a situation, but for those that need a list of endpoints or other logs`()
  {
    let shown = Set(Situation.all.flatMap(\.found))
    let without: Set<FindingKind> = [
      .weightedSubsets, .failover, .adaptiveBalancing, .unexplained, .surge, .idleHost, .slowProxy,
      .fieldMissing,
      .identityMissing, .addressConflict, .clockSkew, .silentSource, .connectionsOpen, .emptyStore,
    ]
    for kind in FindingKind.allCases where !without.contains(kind) {
      #expect(shown.contains(kind.rawValue), "\(kind)")
    }
  }
}

@Suite struct `A log with a line of the year 9999` {
  /// Whatever counts by stretches of time would need millions of them.
  @Test(arguments: Situation.all.filter { $0.cause != nil }.prefix(3))
  func `is read in as much time and room as others`(_ situation: Situation) throws {
    let mesh = try ScratchMesh()
    var options = IngestOptions()
    options.correlates = true
    let files = situation.make().files.map { file in
      let late = String(decoding: file.lines[0], as: UTF8.self).replacing("2026-", with: "9999-")
      return LogFile(name: file.name, lines: file.lines + [Array(late.utf8)])
    }
    #expect(
      files.allSatisfy { String(decoding: $0.lines[$0.lines.count - 1], as: UTF8.self).contains("9999-") })
    try mesh.feed(files, options)
    let report = try FindingsReport(database: mesh.database, options: FindingsOptions()).read()
    #expect(!report.findings.map(\.kind).contains(.failover))
  }
}

@Suite struct `The border's cost of a request that was tried again` {
  @Test func `leaves earlier attempts and the waits between them out`() throws {
    let log = SituationLog(hostCluster: "south")
    let pools = log.hosts.map { log.connect(log.callers[0], $0, 0) }
    for time in log.times(every: 1, to: 60) {
      let id = log.id()
      log.request(pools[0], time, .init(serverCode: 503, called: false, id: id))
      log.request(pools[1], time + 0.5, .init(called: false, id: id))
      // The caller's line: from before the first attempt to behind the last one.
      log.request(pools[1], time, .init(seconds: 0.512, served: false, id: id))
    }
    let mesh = try ScratchMesh()
    var options = IngestOptions()
    options.correlates = true
    try mesh.feed(log.files, options)
    let text = String(
      decoding: try PathsReport(database: mesh.database, service: nil, window: TimeWindow())
        .rendered(as: .json),
      as: UTF8.self)
    let value = try JSONValue(parsing: Data(text.utf8))
    let median = value["paths"]?.array?.first?["border_ms"]?["p50"]?.number
    #expect((median ?? 1000) < 10, "\(text)")
  }
}

@Suite struct `Findings of logs that are fed in another order` {
  private func findings(_ files: [LogFile]) throws -> String {
    let mesh = try ScratchMesh()
    var options = IngestOptions()
    options.correlates = true
    try mesh.feed(files, options)
    let report = FindingsReport(database: mesh.database, options: FindingsOptions())
    return String(decoding: try report.rendered(as: .json), as: UTF8.self)
  }

  @Test func `are the same`() throws {
    let files = SituationLog().even().files.enumerated().map { number, file in
      LogFile(name: "log-\("qhwbznc".dropFirst(number % 7).prefix(1))\(number)", lines: file.lines)
    }
    let one = try findings(files)
    #expect(one.contains("identity_missing"))
    #expect(try findings(Array(files.reversed())) == one)
    // One log after the other, in two ingests.
    let mesh = try ScratchMesh()
    try mesh.feed(Array(files.suffix(3)))
    var options = IngestOptions()
    options.correlates = true
    try mesh.feed(Array(files.dropLast(3)), options)
    let report = FindingsReport(database: mesh.database, options: FindingsOptions())
    #expect(String(decoding: try report.rendered(as: .json), as: UTF8.self) == one)
  }
}
