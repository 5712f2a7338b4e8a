import TestSupport
import Testing
import TraceStore

/// The same lines as Alibaba ASM writes them (all strings, `-` for missing) and as Istio's default does.
@Suite(.needsLargeSets) struct `The same set in both encodings` {
  /// What only one of the two formats has.
  static let own = [
    "response_code_details=", "connection_termination_details=", "istio_policy_status=", "trace_id=",
  ]

  @Test(arguments: LogSetPlace.large.filter { $0.inIstioJSON != nil })
  func `gives the same hops, column for column`(place: LogSetPlace) throws {
    let istio = try #require(place.inIstioJSON)
    let hops = try [place, istio].map { place in
      let mesh = try ScratchMesh()
      try mesh.feed(try place.loadForTest(atMost: 3000).files)
      return try mesh.dump().map(Self.withoutItsOwn).sorted()
    }
    #expect(firstDifference(hops[0], hops[1]) == nil)
    #expect(!hops[0].isEmpty)
  }

  private static func withoutItsOwn(_ line: Substring) -> Substring {
    let fields = line.split(separator: "\t").filter { field in !own.contains { field.hasPrefix($0) } }
    return Substring(fields.joined(separator: "\t"))
  }
}
