import TestSupport
import Testing

/// FORMATS' two lines: a request, and a connection that had ended an hour before it.
@Suite struct `The founding example` {
  private static func traces(_ logs: [String]) throws -> [JSONValue] {
    let folder = try ScratchFolder()
    _ = try Meshweft.run(["ingest"] + logs, in: folder)
    return try JSONValue.lines(Meshweft.run(["export", "traces"], in: folder).output)
  }

  private static func request(in traces: [JSONValue]) throws -> JSONValue {
    let id = "08dc43e9-60c8-4f2f-910a-b727172ce311"
    return try #require(
      traces.flatMap { $0["hops"]?.array ?? [] }.first { $0["request_id"]?.string == id })
  }

  @Test(arguments: [[Checkout.foundingExample], [Checkout.foundingExample, Checkout.sampleLogs]])
  func `is not one trace, alone or among other logs, and its carrier is not logged yet`(logs: [String]) throws
  {
    let traces = try Self.traces(logs)
    let request = try Self.request(in: traces)
    #expect(request["via"]?.array == [])
    #expect(request["parent"] == .null)
    let own = try #require(traces.first { $0["hops"]?.array?.contains(request) == true })
    #expect(own["hops"]?.array?.count == 1)
    #expect(request["carrier"]?.string == "not_logged_yet")
  }
}
