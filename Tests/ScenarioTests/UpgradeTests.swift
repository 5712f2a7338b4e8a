import Foundation
import TestSupport
import Testing

/// A database that the first release made goes on under this one.
@Suite struct `A database of schema 5` {
  private static let place = Checkout.root + "/Tests/ScenarioTests/Fixtures/schema-5"
  private static let reports = [
    "paths -o json", "load -o json", "imbalance -o json", "metrics", "sources -o json", "traces -o json",
    "export traces", "hops -o ndjson", "clocks -o json", "doctor",
  ]

  /// The old database and its logs, or the logs alone.
  private static func folder(withDatabase: Bool) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for log in try LogSet(name: "schema-5", folder: place).files {
      try folder.write("logs/" + log.name, log.bytes)
    }
    if withDatabase {
      let packed = try Data(contentsOf: URL(filePath: place + "/meshweft.db.gz"))
      try folder.write("meshweft.db", try Gzip.unpack(Array(packed)))
    }
    return folder
  }

  private static func answers(_ folder: ScratchFolder) throws -> [String] {
    try reports.map { report in
      let outcome = try Meshweft.run(report.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0, "\(report): \(outcome.errorText)")
      return outcome.outputText
    }
  }

  private static func ingest(_ folder: ScratchFolder) throws -> JSONValue {
    let outcome = try Meshweft.run(["ingest", "logs", "-o", "json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return try JSONValue(parsing: outcome.output)
  }

  @Test func `takes its logs again without counting a line twice, and says what a new one says`() throws {
    let old = try Self.folder(withDatabase: true)
    let new = try Self.folder(withDatabase: false)
    let again = try Meshweft.run(["ingest", "logs"], in: old)
    let summary = again.outputText + again.errorText
    #expect(again.status == 0 && summary.contains(" = 0 stored"), "\(summary)")
    _ = try Self.ingest(new)
    for (report, (one, other)) in zip(Self.reports, zip(try Self.answers(old), try Self.answers(new))) {
      #expect(one == other, "\(report)")
    }
    #expect(try Meshweft.run(["check"], in: old).status == 0)
    // Ids that were stored before, and after.
    for id in ["text-id-3", "text-id-0"] {
      let trace = ["trace", id, "-o", "json"]
      let (one, other) = (try Meshweft.run(trace, in: old), try Meshweft.run(trace, in: new))
      #expect(one.status == other.status && one.outputText == other.outputText)
    }
  }

  @Test func `is salvaged with what lines are known by`() throws {
    let old = try Self.folder(withDatabase: true)
    #expect(try Meshweft.run(["check", "--salvage", "new.db"], in: old).status == 0)
    let again = try Meshweft.run(["ingest", "--db", "new.db", "logs"], in: old)
    let summary = again.outputText + again.errorText
    #expect(summary.contains(" = 0 stored"), "\(summary)")
  }

  @Test func `has checks of its pages once it was rewritten`() throws {
    let old = try Self.folder(withDatabase: true)
    #expect(try old.bytes("meshweft.db")[20] == 0)
    _ = try Self.ingest(old)
    let pruned = try Meshweft.run(["prune", "--older-than", "3650d", "--vacuum"], in: old)
    #expect(pruned.status == 0, "\(pruned.errorText)")
    #expect(try old.bytes("meshweft.db")[20] == 8)
    #expect(try Meshweft.run(["check"], in: old).status == 0)
    var bytes = try old.bytes("meshweft.db")
    bytes[bytes.count - 100] ^= 1
    try old.write("meshweft.db", bytes)
    #expect(try Meshweft.run(["check"], in: old).status == 2)
  }
}

/// Two databases have two keys, which no output shows.
@Suite struct `Two databases of the same logs` {
  @Test func `give the same bytes in every report`() throws {
    let reports = [
      "paths", "load --by source -o json", "imbalance -o json", "metrics", "traces --limit 500", "graph",
      "export traces", "hops -o ndjson", "clocks", "doctor", "report -o -",
    ]
    var answers: [[String]] = []
    for _ in 0..<2 {
      let folder = try ScratchFolder()
      _ = try Meshweft.run(["ingest", Checkout.sampleLogs], in: folder)
      answers.append(
        try reports.map { try Meshweft.run($0.split(separator: " ").map(String.init), in: folder).outputText }
      )
    }
    for (report, (one, other)) in zip(reports, zip(answers[0], answers[1])) {
      #expect(one == other, "\(report)")
    }
  }
}
