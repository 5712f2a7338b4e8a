import AccessLog
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Reports read spans of rollups instead of their pieces. What they say must be the same to the byte, whichever spans there are.
@Suite struct `Spans of rollups` {
  /// Cuts time so that there are many pieces.
  private static let options: IngestOptions = {
    var options = IngestOptions()
    options.unitHops = 300
    return options
  }()

  private static let tables = ["rollup_span", "leg_span", "peak_span", "connection_span"]
  private static let dropSpans = tables.map { "DELETE FROM \($0);" }.joined()

  /// Only read by the tests.
  private struct Kept: @unchecked Sendable { let mesh: ScratchMesh }

  private static let kept = Result {
    let mesh = try ScratchMesh()
    try mesh.feed(try LongMesh().files, options)
    return Kept(mesh: mesh)
  }

  private static func whole() throws -> ScratchMesh { try kept.get().mesh }

  /// From the start to the end of all; at whole spans; at odd minutes; within one span; where there is nothing.
  private static let windows: [(since: String?, until: String?)] = [
    (nil, nil), ("2026-11-23T03:00:00Z", nil), ("2026-11-23T02:21:30Z", "2026-11-23T03:23:10Z"),
    (nil, "2026-11-23T02:29:59Z"), ("2026-11-23T02:30:00Z", "2026-11-23T02:35:00Z"),
    ("2026-11-23T02:16:00Z", "2026-11-23T02:18:00Z"), ("2026-11-23T02:50:00Z", "2026-11-23T02:55:00Z"),
  ]

  /// All that is made of rollups in a window, as its bytes.
  private static func reports(
    _ mesh: ScratchMesh, _ window: TimeWindow, service: String?, buckets: [String]
  ) throws -> [String: [UInt8]] {
    var reports: [String: [UInt8]] = [:]
    reports["paths"] = try PathsReport(database: mesh.database, service: service, window: window)
      .rendered(as: .json)
    var imbalance = ImbalanceOptions()
    (imbalance.service, imbalance.window) = (service, window)
    reports["imbalance"] = try ImbalanceReport(database: mesh.database, options: imbalance).rendered(
      as: .json)
    for grouping in LoadOptions.Grouping.allCases {
      for bucket in grouping == .host ? buckets : [buckets[0]] {
        var load = LoadOptions()
        (load.service, load.window, load.grouping, load.bucket) = (
          service, window, grouping, try BucketWidth(bucket)
        )
        reports["load by \(grouping) in \(bucket)"] = try LoadReport(database: mesh.database, options: load)
          .rendered(as: .json)
      }
    }
    return reports
  }

  private static func expectEqual(
    _ one: ScratchMesh, _ other: ScratchMesh,
    windows: some Sequence<(since: String?, until: String?)> =
      Self.windows.prefix(2), services: [String?] = [nil], buckets: [String] = ["auto", "1h"],
    _ place: SourceLocation = #_sourceLocation
  ) throws {
    for (since, until) in windows {
      var window = TimeWindow()
      (window.sinceTime, window.until) = (since, until)
      for service in services {
        let (left, right) = try (
          reports(one, window, service: service, buckets: buckets),
          reports(other, window, service: service, buckets: buckets)
        )
        for (name, bytes) in left {
          #expect(bytes == right[name], "\(name), \(since ?? "") to \(until ?? "")", sourceLocation: place)
        }
      }
    }
    let metrics = try [one, other].map { try OpenMetrics(database: $0.database).rendered(as: .openMetrics) }
    #expect(metrics[0] == metrics[1], sourceLocation: place)
    let gaps = try [one, other].map { try Doctor(database: $0.database).text() }
    #expect(gaps[0] == gaps[1], sourceLocation: place)
  }

  @Test func `change no report, in no window`() throws {
    let mesh = try Self.whole()
    let counts = try mesh.spans()
    #expect(counts[5] ?? 0 > 5 && counts[60] ?? 0 > 1, "\(counts)")
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    let pieces = try mesh.copy()
    try pieces.edit(Self.dropSpans)
    #expect(try pieces.spans() == [:])
    try Self.expectEqual(
      mesh, pieces, windows: Self.windows, buckets: ["auto", "1m", "5m", "7m", "90m", "1h", "1d"])
    try Self.expectEqual(mesh, pieces, services: ["httpbin", "details.default"])
  }

  /// A day's span is made of hours, which are made of five minutes.
  @Test func `are a day wide, too`() throws {
    let mesh = try ScratchMesh()
    let files = try LongMesh(lines: 40, minutes: Array(stride(from: 0, to: 420, by: 4))).files
    try mesh.feed(files, Self.options)
    // The month after has begun: a line of it is the newest piece.
    let next = try #require(files.first)
    let moved = LogFile(
      name: next.name,
      lines: next.lines.prefix(1).map { line in
        let text = String(decoding: line, as: UTF8.self)
        return Array(text.replacing("2026-11-23T", with: "2026-12-24T").utf8)
      })
    try mesh.feed([moved], Self.options)
    #expect(try mesh.spans()[1440] == 1)
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    let pieces = try mesh.copy()
    try pieces.edit(Self.dropSpans)
    try Self.expectEqual(mesh, pieces)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `change no report where some of them are missing`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let mesh = try Self.whole()
    let some = try mesh.copy()
    for (span, _) in try mesh.read({ try $0.rollupSpans() }) where Bool.random(using: &random) {
      let place = "width_us = \(span.width) AND bucket_us = \(span.bucket);"
      try some.edit(
        "DELETE FROM rollup_span WHERE \(place) DELETE FROM leg_span WHERE \(place) DELETE FROM peak_span WHERE \(place)"
      )
      if span.width == RollupSpan.connectionWidth {
        try some.edit("DELETE FROM connection_span WHERE bucket_us = \(span.bucket);")
      }
    }
    try some.edit(
      "UPDATE rollup_span SET has_connections = 0 WHERE width_us > \(RollupSpan.connectionWidth);")
    #expect(try some.spans() != mesh.spans())
    try Self.expectEqual(some, mesh)
  }

  @Test func `go with what changes in them, and come again`() throws {
    let set = LogSet(name: "long", files: try LongMesh().files)
    let mesh = try ScratchMesh()
    let odd = set.mapping { $0.keeping { $0 % 2 == 1 } }
    var random = SplitMix64(seed: 9)
    for files in [odd.files, set.files.shuffled(using: &random), odd.files] {
      try mesh.feed(files, Self.options)
      #expect(try StoreCheck(database: mesh.database).problems() == [])
    }
    #expect(try mesh.spans() == Self.whole().spans())
    try Self.expectEqual(mesh, try Self.whole())
  }

  /// It is added to the rows of the rollup one by one.
  @Test func `go with a late carrier that touches them, and are made with the next lines`() throws {
    let files = try LongMesh().files
    let proxy = try #require(files.firstIndex { $0.name.contains("cross-network") && $0.lines.count > 20 })
    let place = files[proxy].lines.count / 3
    var rest = files
    rest[proxy] = rest[proxy].keeping { $0 != place }
    let mesh = try ScratchMesh()
    try mesh.feed(rest, Self.options)
    let before = try mesh.spans()
    try mesh.feed([files[proxy].keeping { $0 == place }], Self.options)
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    try Self.expectEqual(mesh, try Self.whole())
    try Correlate(database: mesh.database).run()
    #expect(try mesh.spans() == before)
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    try Self.expectEqual(mesh, try Self.whole())
  }

  @Test(arguments: ["40m", "65m"])
  func `go with lines that are pruned`(age: String) throws {
    let mesh = try Self.whole().copy()
    _ = try Prune(database: mesh.database, olderThan: TypedDuration(age), compacts: false).run()
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    let pieces = try mesh.copy()
    try pieces.edit(Self.dropSpans)
    try Self.expectEqual(mesh, pieces)
  }

  /// The links of a piece and its spans are in transactions of their own.
  @Test func `that a crash left out are made by the next run`() throws {
    let mesh = try Self.whole().copy()
    let before = try mesh.spans()
    try mesh.edit(Self.dropSpans)
    try Self.expectEqual(mesh, try Self.whole())
    #expect(try mesh.spans() == [:])
    try mesh.feed([LogFile(name: "ack1.default.idle-1.istio-proxy.log", lines: [])], Self.options)
    #expect(try mesh.spans() == before)
  }

  @Test func `of a store of version 4 are made when it is correlated`() throws {
    let mesh = try Self.whole().copy()
    let later =
      Self.tables + [
        "hash_key", "hash_key_copy", "role_revision", "proxy_chain", "told_source", "kubernetes_endpoint",
        "kubernetes_object", "collected_log",
      ]
    let fields = AttributeText.all.filter { $0.since > 4 }
      .map { "ALTER TABLE attribute_set DROP COLUMN \($0.name);" }.joined()
    try mesh.edit(
      "DROP VIEW attribute_text; DROP VIEW hops; CREATE VIEW hops AS SELECT 1;" + fields
        + "ALTER TABLE attribute_set DROP COLUMN told; ALTER TABLE attribute_set DROP COLUMN line_role;"
        + later.map { "DROP TABLE \($0);" }.joined() + "PRAGMA user_version = 4;")
    try StoreWriter(path: mesh.database).close()
    #expect(try mesh.spans() == [:])
    // All of it is linked anew.
    let anew = try Self.whole().copy()
    try Correlate(database: anew.database).run(again: .all)
    try Self.expectEqual(mesh, anew)
    try Correlate(database: mesh.database).run()
    #expect(try mesh.spans() == anew.spans())
    #expect(try StoreCheck(database: mesh.database).problems() == [])
  }

  @Test(arguments: [
    "UPDATE leg_span SET attempts = attempts + 1;",
    "DELETE FROM leg_span WHERE width_us = 3600000000;",
    "UPDATE connection_span SET connection_keys = x'0102030405060708';",
    "DELETE FROM rollup_span WHERE width_us = 300000000;",
    "UPDATE leg_span SET minutes = x'0001' WHERE width_us = 300000000;",
    "UPDATE peak_span SET in_flight = in_flight + 1;", "DELETE FROM peak_span;",
    "UPDATE leg_rollup SET bytes_sent = bytes_sent + 1;",
  ])
  func `that were tampered with are found`(sql: String) throws {
    let mesh = try Self.whole().copy()
    try mesh.edit(sql)
    let problems = try StoreCheck(database: mesh.database).problems()
    #expect(!problems.isEmpty && problems.allSatisfy { $0.contains("rollups") }, "\(problems)")
  }

  /// The newest piece of time changes with every line that comes.
  @Test func `end before the newest piece of time`() throws {
    let mesh = try Self.whole()
    let newest = try #require(try mesh.read { try $0.newestUnitStart() })
    #expect(try mesh.read { try $0.rollupSpans() }.allSatisfy { $0.span.range.upperBound <= newest })
  }

  /// They are made of what is stored, not of what came when.
  @Test func `are not part of a store's content`() throws {
    let mesh = try Self.whole()
    let pieces = try mesh.copy()
    try pieces.edit(Self.dropSpans)
    #expect(try mesh.read { try $0.canonicalDump() } == pieces.read { try $0.canonicalDump() })
  }
}
