import Foundation
import TestSupport
import Testing

/// What meshweft writes for other programs is read by them, or by their own parsers.
@Suite struct `Other programs read` {
  /// A database of the sample logs and of names that mean something to these programs.
  private static let mesh = Result {
    let folder = try ScratchFolder()
    let names = [#"a\"b\\c"#, "x{y}", "n#1;", "->", "]end", "line\\nbreak", "%00"]
    let lines = names.enumerated().map { number, name in
      #"{"start_time":"2026-11-23T02:20:2\#(number).000Z","method":"GET","path":"/","response_code":200,"duration":5,"#
        + #""upstream_cluster":"outbound|80||\#(name).default","upstream_host":"10.0.0.1:80","#
        + #""upstream_local_address":"10.0.0.2:4000\#(number)"}"#
    }
    try folder.write("odd \"name\" {x}.log", lines.joined(separator: "\n") + "\n")
    let outcome = try Meshweft.run(
      ["ingest", Checkout.sampleLogs, "odd \"name\" {x}.log"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return folder
  }

  private static func succeeds(_ command: String, _ arguments: [String]) -> Bool {
    (try? ChildProcess.run(command, arguments).status) == 0
  }

  private static let hasParser = succeeds("python3", ["-c", "import prometheus_client.openmetrics.parser"])
  private static let hasGraphviz = succeeds("dot", ["-V"])

  @Test(
    .enabled(if: hasParser, "python3 has no prometheus_client here (pip install prometheus_client)"))
  func `OpenMetrics text, and count the same requests`() throws {
    let folder = try Self.mesh.get()
    let metrics = try Meshweft.run(["metrics"], in: folder)
    let parser = """
      import sys
      from prometheus_client.openmetrics.parser import text_string_to_metric_families
      families = {f.name: f for f in text_string_to_metric_families(sys.stdin.read())}
      print(int(sum(s.value for s in families["meshweft_requests"].samples)))
      print(*sorted(families))
      """
    let parsed = try ChildProcess.run("python3", ["-c", parser], input: metrics.output)
    try #require(parsed.status == 0, "\(parsed.errorText)")
    let paths = try JSONValue(parsing: try Meshweft.run(["paths", "-o", "json"], in: folder).output)
    let requests = paths["paths"]?.array?.compactMap { $0["requests"]?.integer }.reduce(0, +) ?? 0
    #expect(requests > 5000)
    #expect(
      parsed.outputText == """
        \(requests)
        meshweft_border_duration_seconds meshweft_host_connections meshweft_host_requests \
        meshweft_imbalance_max_over_mean meshweft_request_duration_seconds meshweft_requests

        """)
  }

  @Test(.enabled(if: hasGraphviz, "there is no Graphviz here (apt-get install graphviz)"))
  func `the graph in DOT, every name as it is`() throws {
    let graph = try Meshweft.run(["graph"], in: try Self.mesh.get())
    let drawn = try ChildProcess.run("dot", ["-Tsvg"], input: graph.output)
    #expect(drawn.status == 0 && drawn.errorText.isEmpty, "\(drawn.errorText)")
    let svg = drawn.outputText.replacingOccurrences(of: "&#45;", with: "-")
    for name in ["productpage", "istio-asm-cross-network", #"a&quot;b\c.default:80"#, "x{y}.default:80"] {
      #expect(svg.contains(">\(name)</text>"), "\(name)")
    }
  }
}
