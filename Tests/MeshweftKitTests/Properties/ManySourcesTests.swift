import TestSupport
import Testing

@testable import MeshweftKit

/// However many pods logs are of, little is remembered of them, and nothing else changes.
@Suite struct `Logs of more pods than are remembered` {
  /// Logs of `kubectl logs --prefix`, each of the same 20 pods or so; a block of each is read in turn, so that batches end
  /// in between. Some lines are no access log, some are there twice.
  private static let logs: [LogFile] = (0..<6).map { log in
    LogFile(
      name: "part-\(log).log",
      lines: (0..<60).map { number in
        let pod = "pod-\(number * number % 41 + log)"
        let start = "2026-11-23T02:1\(log):\(10 + number / 2).792Z"
        let body =
          number % 7 == 3
          ? "[Envoy (Epoch 0)] starting"
          : #"{"start_time":"\#(start)","method":"GET","path":"/\#(number / 2)","duration":1,"response_code":200}"#
        return Array("[pod/\(pod)/istio-proxy] \(body)".utf8)
      })
  }

  private static func options(tableSources: Int, summarySources: Int) -> IngestOptions {
    var options = IngestOptions.uncorrelated
    options.tableSources = tableSources
    options.summarySources = summarySources
    return options
  }

  @Test(arguments: [1, 2, 7, 30])
  func `is stored as it is where all are remembered`(limit: Int) throws {
    let (whole, bounded) = (try ScratchMesh(), try ScratchMesh())
    let all = try whole.feed(Self.logs, Self.options(tableSources: 1000, summarySources: 1000))
    let some = try bounded.feed(Self.logs, Self.options(tableSources: limit, summarySources: 1000))
    // Whose lines they are is settled when they are linked.
    for mesh in [whole, bounded] { try Correlate(database: mesh.database).run() }
    let difference = try firstDifference(whole.dump(), bounded.dump())
    #expect(difference == nil, "\(difference ?? "")")
    #expect(some.counts == all.counts && some.sources == all.sources)
    #expect(all.counts.stored > 250 && all.counts.skipped > 40 && all.sources.count > 30)
  }

  @Test func `has counts for as many as are listed, and for the others together`() throws {
    let (whole, bounded) = (try ScratchMesh(), try ScratchMesh())
    let all = try whole.feed(Self.logs, Self.options(tableSources: 1000, summarySources: 1000))
    let some = try bounded.feed(Self.logs, Self.options(tableSources: 4, summarySources: 5))
    #expect(all.otherSources == nil)
    #expect(some.sources == Array(all.sources.prefix(5)))
    var others = IngestCounts()
    for source in all.sources.dropFirst(5) { others += source.counts }
    #expect(some.otherSources == others && others.lines > 0 && others.holdsInvariant)
    #expect(some.counts == all.counts)
    #expect(some.text.contains("5 sources and others"))
    let json = try JSONValue(parsing: some.json)
    #expect(json["other_sources"]?["lines"]?.integer == others.lines)
  }
}
