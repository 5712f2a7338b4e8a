import AccessLog
import Foundation
import MeshweftKit
import TestSupport
import Testing
import TraceStore

@Suite struct `Hostile lines` {
  @Test(arguments: HostileLine.lines)
  func `become what they must, and the line behind them is stored`(line: HostileLine) throws {
    let mesh = try ScratchMesh()
    let log = LogFile(name: "hostile.log", lines: [line.bytes, PlainLine.json(["duration": "6"])])
    let summary = try mesh.feed([log])
    #expect(Self.fates(summary.counts, lines: 2) == [line.fate, .hop])
    guard line.fate == .hop else { return }
    let hop = try #require(try mesh.read { try $0.hops() }.first { $0.line == 1 })
    #expect(hop.anomalies == line.anomalies)
  }

  /// By `hostile-lines/expected.tsv`, each alone and all in one file.
  @Test(.needsCorpora) func `of the corpus become what its table says, row by row`() throws {
    let rows = try Self.corpus()
    let whole = try ScratchMesh()
    let file = LogFile(name: "hostile.log", lines: rows.map(\.bytes))
    try whole.feed([file])
    let together = Dictionary(grouping: try whole.read { try $0.hops() }, by: \.line)
    for row in rows {
      let alone = try ScratchMesh()
      let fate = Self.fates(try alone.feed([LogFile(name: "one.log", lines: [row.bytes])]).counts, lines: 1)
        .first
      let hop = try alone.read { try $0.hops() }.first
      #expect(row.fates.contains(fate ?? .skipped), "\(row.number) \(row.name): \(row.expected)")
      #expect(
        (together[Int64(row.number)]?.count ?? 0) == (fate == .hop ? 1 : 0),
        "\(row.number) \(row.name) in the file")
      if let flag = row.flag, fate == .hop {
        #expect(hop?.anomalies.contains(flag) == true, "\(row.number) \(row.name)")
      }
    }
  }

  /// Ids are kept up to a limit: two that are the same up to there may differ behind it.
  @Test(arguments: [(1000, true), (Limits.valueBytes + 10, false)])
  func `link by ids that are kept whole, and by no others`(length: Int, links: Bool) throws {
    let id = String(repeating: "x", count: length)
    func line(_ side: String, _ time: String) -> [UInt8] {
      Array(
        #"{"start_time":"2026-11-23T02:15:\#(time)Z","method":"GET","path":"/","response_code":"200","duration":"9","request_id":"\#(id)",\#(side)}"#
          .utf8)
    }
    let mesh = try ScratchMesh()
    try mesh.feed([
      LogFile(
        name: "c.default.a-1.istio-proxy.log",
        lines: [line(#""upstream_cluster":"outbound|80||shop.default.svc.cluster.local""#, "10.001")]),
      LogFile(
        name: "c.default.shop-1.istio-proxy.log",
        lines: [
          line(
            #""upstream_cluster":"inbound|80||","requested_server_name":"outbound_.80_._.shop.default.svc.cluster.local""#,
            "10.002")
        ]),
    ])
    try Correlate(database: mesh.database).run()
    let traces = try JSONValue.lines(mesh.export())
    #expect(traces.count == (links ? 1 : 2))
  }

  private static func fates(_ counts: IngestCounts, lines: Int) -> [HostileLine.Fate] {
    let hops = Array(repeating: HostileLine.Fate.hop, count: Int(counts.stored))
    let others =
      Array(repeating: HostileLine.Fate.skipped, count: Int(counts.skipped))
      + Array(repeating: HostileLine.Fate.rejected, count: Int(counts.rejected))
    return others + hops
  }

  private struct Row {
    var number: Int
    var name: String
    var expected: String
    var bytes: [UInt8]

    var fates: [HostileLine.Fate] {
      switch expected {
      case "reject_counted": [.rejected]
      case "skip_counted": [.skipped]
      case let text where text.hasSuffix("or_reject_counted"): [.hop, .rejected]
      default: [.hop]
      }
    }

    var flag: String? {
      expected.contains("replacement")
        ? "replaced_text" : expected.contains("flagged") ? "duplicate_key" : nil
    }
  }

  private static func corpus() throws -> [Row] {
    let folder = URL(filePath: Checkout.corpora + "/hostile-lines")
    let bytes = try Data(contentsOf: folder.appending(path: "hostile.ndjson"))
    let lines = Array(bytes).split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let table = try String(contentsOf: folder.appending(path: "expected.tsv"), encoding: .utf8)
    return try table.split(separator: "\n").dropFirst().map { text in
      let fields = text.split(separator: "\t").map(String.init)
      let number = try #require(Int(fields[0]))
      return Row(number: number, name: fields[1], expected: fields[2], bytes: lines[number - 1])
    }
  }
}
