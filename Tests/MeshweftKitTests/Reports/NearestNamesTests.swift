import Testing

@testable import MeshweftKit

@Suite struct `Names that are near` {
  private static let commands = ["paths", "path", "imbalance", "ingest", "traces", "trace", "load"]

  @Test(arguments: [
    ("paht", ["path"]), ("pat", ["path", "paths"]), ("imbalanc", ["imbalance"]),
    ("tarces", ["traces", "trace"]),
    ("im", ["imbalance"]),
    ("frobnicate", []), ("", []), ("LOAD", ["load"]),
  ])
  func `are found, the nearest first`(typed: String, expected: [String]) {
    #expect(NearestNames(typed, among: Self.commands).names == expected)
  }

  @Test(arguments: [
    ("kitten", "sitting", 3), ("ab", "ba", 1), ("", "abc", 3), ("same", "same", 0), ("abcd", "acbd", 1),
  ])
  func `are as far as letters have to be changed`(one: String, other: String, distance: Int) {
    let (one, other) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
    #expect(NearestNames.distance(one, other, limit: 9) == distance)
    #expect(NearestNames.distance(other, one, limit: 9) == distance)
    #expect(distance == 0 || NearestNames.distance(one, other, limit: distance - 1) == nil)
  }

  @Test(arguments: [
    ("httpbin", true), ("httpbin.default", true), ("httpbin:8000", true), ("httpbin.default:8000", true),
    ("httpbin.default.svc.cluster.local", true), ("httpbin.default.svc.cluster.local:8000", true),
    ("httpbi", false), ("httpbin:9000", false), ("default", false), ("httpbin:", false), (":8000", false),
    ("httpbin.default.svc.cluster.local:80", false),
  ])
  func `of a service are its first labels, with its port or without`(asked: String, fits: Bool) {
    #expect(ServiceName.fits("httpbin.default.svc.cluster.local:8000", asked: asked) == fits)
  }

  @Test(arguments: [
    ("[FD00:0::1]:8000", "[fd00::1]:8000"), ("fd00::1", "[fd00::1]"), ("[::ffff:a00:5]:80", "10.0.0.5:80"),
    ("10.0.0.5", "10.0.0.5"), ("httpbin:8000", "httpbin:8000"), ("httpbin.default", "httpbin.default"),
  ])
  func `of services are addresses as all are written`(_ typed: String, _ meant: String) {
    #expect(ServiceName.canonical(typed) == meant)
    #expect(ServiceName.fits(meant, asked: ServiceName.canonical(typed)))
  }

  @Test func `of services that are IPv6 addresses end at the bracket`() {
    #expect(ServiceName.fits("[fd00::1]:8000", asked: "[fd00::1]"))
    #expect(!ServiceName.fits("[fd00::1]:8000", asked: "[fd00"))
    #expect(FailureClassifier.host("[fd00::1]:8000") == "[fd00::1]")
  }
}
