import Foundation
import TestSupport
import Testing

/// Numbers and times that users give, at the ends of what they can be and beyond.
@Suite struct `A number or time of a user's` {
  private static let durations = [
    "106751992d", "15250284w", "9223372036854775807s", "99999999999999999999d", "3650001d", "0s", "-1d",
    "nan", "inf",
    "1e3d", "d", "5", "", "1.5h", "٣d",
  ]
  private static let numbers = [
    "nan", "inf", "-inf", "-1", "0", "1e308", "1e309", "99999999999999999999", "0x10", "",
    "-9223372036854775808",
  ]
  private static let options: [(command: String, values: [String])] =
    [
      "paths --since=", "hops --since=", "traces --since=", "load --since=", "prune --older-than=",
      "load --bucket=",
    ]
    .map { ($0, durations) }
    + [
      "traces --min-duration=", "imbalance --fail-on=max-mean=", "traces --limit=", "hops --limit=",
      "hops --status=",
    ]
    .map { ($0, numbers) }
    + [
      ("traces --min-duration=", durations + ["1e300ms", "nanms", "infms", "-5ms", "9223372036854775807ms"])
    ]
  /// These are what they say.
  private static let fine: Set<String> = [
    "imbalance --fail-on=max-mean=1e308", "imbalance --fail-on=max-mean=99999999999999999999",
    "imbalance --fail-on=max-mean=0x10", "hops --status=-1", "hops --status=0",
    "hops --status=-9223372036854775808",
  ]

  @Test func `that cannot be is a mistake of usage, and never the program's end`() throws {
    let folder = try ScratchFolder()
    #expect(
      try Meshweft.run(["ingest", Checkout.foundingExample], in: folder).status == 0)
    for (command, values) in Self.options {
      for value in values {
        let arguments = (command + value).split(separator: " ").map(String.init)
        let outcome = try Meshweft.run(arguments, in: folder)
        #expect(
          outcome.status == (Self.fine.contains(command + value) ? 0 : 64),
          "\(command)\(value): \(outcome.status) \(outcome.errorText)")
      }
    }
  }

  @Test(arguments: [
    "paths --since 3650000d", "hops --since 3650000d", "load --bucket 3650000d", "load --since 521428w",
    "traces --limit 9223372036854775807 --sort slowest",
    "traces --limit 9223372036854775807 --sort border-cost",
    "traces --sort slowest --min-duration 3650000d", "hops --limit 9223372036854775807",
    "hops --status 9223372036854775807", "paths --since-time 0001-01-01T00:00:00Z",
    "load --until 9999-12-31T23:59:59.999999Z", "report -o - --since 3650000d", "correlate --since 3650000d",
    "imbalance --fail-on max-mean=1e300", "prune --older-than 3650000d",
  ])
  func `that is large is taken as it is`(arguments: String) throws {
    let folder = try ScratchFolder()
    #expect(
      try Meshweft.run(["ingest", Checkout.foundingExample], in: folder).status == 0)
    let outcome = try Meshweft.run(arguments.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }
}

/// Lines say whatever they like about times; no sum of them may end the program, now or whenever it is asked.
@Suite struct `Times that cannot be` {
  private static let starts = ["2026-11-23T01:02:03.456Z", "2026-11-23T01:02:04.000Z"]
  private static let durations = [
    "0", "5", "9223372036854775807", "9223372036854775", "4611686018427387904", "99999999999999",
  ]

  private static func line(_ values: [String: String]) throws -> [UInt8] {
    var all = [
      "authority": "a.b", "method": "GET", "path": "/p", "protocol": "HTTP/1.1", "response_code": "200",
      "response_flags": "-", "bytes_received": "0", "bytes_sent": "10",
      "requested_server_name": "outbound_.80_._.a.b.svc.cluster.local",
    ]
    all.merge(values) { $1 }
    return Array(try JSONEncoder().encode(all)) + [0x0A]
  }

  @Test func `are stored, linked and reported`() throws {
    var random = SplitMix64(seed: 7)
    func pick(_ list: [String]) -> String { list[Int(random.next() % UInt64(list.count))] }
    var (clients, servers, proxies): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
    for number in 0..<60 {
      let port = 1000 + number % 6
      // Every other one without an id: times have to tell then.
      let id = number % 2 == 0 ? "00000000-0000-4000-8000-\(String(100_000_000_000 + number / 3))" : "-"
      clients += try Self.line([
        "request_id": id, "start_time": pick(Self.starts), "duration": pick(Self.durations),
        "upstream_cluster": "outbound|80||a.b.svc.cluster.local", "upstream_host": "10.0.0.2:15443",
        "upstream_local_address": "10.0.0.1:\(port)", "downstream_remote_address": "10.0.0.1:2",
      ])
      servers += try Self.line([
        "request_id": id, "start_time": pick(Self.starts), "duration": pick(Self.durations),
        "upstream_cluster": "inbound|80||", "upstream_host": "10.0.0.9:80",
        "downstream_local_address": "10.0.0.9:80", "downstream_remote_address": "10.0.0.3:\(port)",
      ])
      proxies += try Self.line([
        "method": "-", "protocol": "-", "path": "-", "start_time": pick(Self.starts),
        "duration": pick(Self.durations),
        "upstream_cluster": "outbound_.80_._.a.b.svc.cluster.local", "response_code": "0",
        "upstream_local_address": "10.0.0.3:\(port)", "downstream_remote_address": "10.0.0.1:\(port)",
        "upstream_host": "10.0.0.9:80", "bytes_sent": pick(Self.durations),
      ])
    }
    let folder = try ScratchFolder()
    try folder.write("logs/ack1.default.sleep-aaaaaaaaaa-bbbbb.istio-proxy.log", clients)
    try folder.write("logs/ack2.default.srv-aaaaaaaaaa-ccccc.istio-proxy.log", servers)
    try folder.write(
      "logs/ack2.istio-system.istio-asm-cross-network-aaaaaaaaaa-ddddd.istio-proxy.log", proxies)
    let ingest = try Meshweft.run(["ingest", "logs"], in: folder)
    #expect(ingest.status == 0, "\(ingest.errorText)")
    for command in [
      "paths", "load", "load --bucket 1h", "imbalance", "traces", "traces --sort slowest",
      "traces --sort border-cost",
      "clocks", "doctor", "findings", "metrics", "graph", "report -o -", "export traces", "hops -o json",
      "sources",
      "check",
      "paths --since 1s", "trace 00000000-0000-4000-8000-100000000000 --explain",
      "trace 00000000-0000-4000-8000-100000000000 -o otlp", "prune --older-than 1s",
    ] {
      let outcome = try Meshweft.run(command.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0, "\(command): \(outcome.status) \(outcome.errorText.prefix(300))")
    }
  }
}
