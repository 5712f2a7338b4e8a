import Foundation
import TestSupport
import Testing

@Suite(.disabled(if: Checkout.isSanitized, "a transaction takes longer there than another writer waits"))
struct `Two ingests, a correlate and readers at once` {
  /// How often each of them runs.
  private static let rounds = Checkout.wantsAll ? 30 : 3

  @Test func `leave what one ingest leaves, and readers see whole traces only`() throws {
    let set = try LogSetPlace.samples.load().thinned(to: 1500)
    let folder = try ScratchFolder()
    for (index, file) in set.files.enumerated() {
      // Two thirds each: the middle third comes twice.
      if index % 3 != 0 { try folder.write("left/" + file.name, file.bytes) }
      if index % 3 != 1 { try folder.write("right/" + file.name, file.bytes) }
      try folder.write("all/" + file.name, file.bytes)
    }
    #expect(try Meshweft.run(["ingest", "all/" + set.files[0].name], in: folder).status == 0)
    for _ in 0..<Self.rounds {
      let writers = try [["ingest", "left"], ["ingest", "right"], ["correlate", "--all"]].map {
        try Meshweft.start($0, in: folder)
      }
      while writers.contains(where: \.isRunning) {
        let outcome = try Meshweft.run(["export", "traces"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try Self.isWhole(JSONValue.lines(outcome.output)))
      }
      for writer in writers {
        let outcome = try writer.wait()
        #expect(outcome.status == 0, "\(outcome.errorText)")
      }
    }
    let whole = try Meshweft.run(["ingest", "--db", "whole.db", "all"], in: folder)
    #expect(whole.status == 0)
    for question in [
      ["hops", "-o", "ndjson"], ["export", "traces"], ["paths", "-o", "json"], ["load", "-o", "json"],
    ] {
      let (one, other) = (
        try Meshweft.run(question, in: folder), try Meshweft.run(question + ["--db", "whole.db"], in: folder)
      )
      #expect(one.output == other.output, "\(question)")
    }
    #expect(try Meshweft.run(["check"], in: folder).status == 0)
  }

  /// Every link names a hop of its trace, and no line is in two traces.
  private static func isWhole(_ traces: [JSONValue]) -> Bool {
    var seen: Set<String> = []
    for trace in traces {
      let hops = trace["hops"]?.array ?? []
      for hop in hops {
        let links = (hop["via"]?.array ?? []) + [hop["parent"]].compactMap { $0?.isNull == false ? $0 : nil }
        guard links.allSatisfy({ 0..<Int64(hops.count) ~= $0["hop"]?.integer ?? -1 }) else { return false }
        let line = "\(hop["source"]?.string ?? ""):\(hop["line"]?.integer ?? 0)"
        if hop["carrier"] != nil, !seen.insert(line).inserted { return false }
      }
    }
    return true
  }
}
