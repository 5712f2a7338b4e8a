import Correlation
import Foundation
import TestSupport
import Testing

@testable import MeshweftKit

/// One address in whatever form: in each field of a line, in lists of endpoints, in what comes out.
@Suite struct `Addresses of both families` {
  private static let service = "shop.ns.svc.cluster.local"

  private static func line(
    _ number: Int, cluster: String, host: String, local: String, downstream: String, remote: String
  ) -> String {
    // Without an id: nothing but the addresses joins them.
    #"{"start_time":"2026-11-23T02:20:\#(String(format: "%02d", number % 60)).000Z","method":"GET","path":"/x","#
      + #""protocol":"HTTP/1.1","response_code":"200","response_flags":"-","duration":"5","bytes_received":"1","#
      + #""bytes_sent":"2","request_id":"-","authority":"shop","requested_server_name":"-","#
      + #""upstream_cluster":"\#(cluster)","upstream_host":"\#(host)","upstream_local_address":"\#(local)","#
      + #""downstream_local_address":"\#(downstream)","downstream_remote_address":"\#(remote)"}"#
  }

  /// A request from a client's and from its server's proxy, each with its own spelling of the two addresses of their
  /// connection.
  private static func mesh(host: (String, String), local: (String, String)) throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    let client = (0..<20).map {
      line(
        $0, cluster: "outbound|80||\(service)", host: host.0, local: local.0,
        downstream: "[fd00:ffff::80]:80",
        remote: "[fd00:1::c]:1000")
    }
    let server = (0..<20).map {
      line(
        $0, cluster: "inbound|80||", host: host.1, local: "[::6]:500", downstream: host.1, remote: local.1)
    }
    let folder = try ScratchFolder()
    let paths = [
      try folder.write("one.ns.web-6b5f9d7c8-abcde.istio-proxy.log", client.joined(separator: "\n") + "\n"),
      try folder.write("one.ns.shop-6b5f9d7c8-abcde.istio-proxy.log", server.joined(separator: "\n") + "\n"),
    ]
    let summary = try Ingest(database: mesh.database).run(paths)
    #expect(summary.counts.stored == 40)
    return mesh
  }

  private static let pairs: [(host: (String, String), local: (String, String), shown: [String])] = [
    (
      ("[fd00:1::a]:80", "[FD00:0001:0:0:0:0:0:A]:80"), ("[fd00:1::c]:5000", "[fd00:1:0::000c]:5000"),
      ["[fd00:1::a]:80", "[fd00:1::c]:5000"]
    ),
    (
      ("10.0.0.1:80", "[::ffff:10.0.0.1]:80"), ("[::FFFF:0a00:0002]:5000", "10.0.0.2:5000"),
      ["10.0.0.1:80", "10.0.0.2:5000"]
    ),
    (
      ("[fe80::1%eth0]:80", "[FE80:0::1%eth0]:80"), ("tcp://[fe80::2%eth0]:5000", "[fe80::0002%eth0]:5000"),
      ["[fe80::1%eth0]:80", "[fe80::2%eth0]:5000"]
    ),
  ]

  /// Passthrough and ServiceEntries make clusters of bare addresses.
  @Test(arguments: ["fd00::1", "FD00:0::1", "[fd00::1]", "[FD00::0:1]"])
  func `are one as the name of a service`(_ spelling: String) throws {
    let mesh = try ScratchMesh()
    let line = Self.line(
      1, cluster: "outbound|8000||\(spelling)", host: "[fd00::1]:8000", local: "[fd00:1::c]:500",
      downstream: "[fd00::1]:8000", remote: "[fd00:1::c]:1000")
    try mesh.feed([LogFile(name: "one.ns.web-6b5f9d7c8-abcde.istio-proxy.log", lines: [Array(line.utf8)])])
    let hops = try JSONValue(parsing: mesh.listing(.json))["hops"]?.array
    #expect(hops?.first?["service"]?.string == "[fd00::1]:8000")
  }

  @Test(arguments: 0..<3)
  func `both ends of a connection are joined, and every output has one spelling`(_ number: Int) throws {
    let (host, local, shown) = Self.pairs[number]
    let mesh = try Self.mesh(host: host, local: local)
    let hops = String(decoding: try mesh.listing(.ndjson), as: UTF8.self)
    var load = LoadOptions()
    load.bucket = try BucketWidth("1m")
    var texts = [
      hops, String(decoding: try mesh.listing(.csv), as: UTF8.self),
      String(decoding: try mesh.export(), as: UTF8.self),
      String(
        decoding: try LoadReport(database: mesh.database, options: load).rendered(as: .csv),
        as: UTF8.self),
      String(decoding: try OpenMetrics(database: mesh.database).rendered(as: .openMetrics), as: UTF8.self),
      String(
        decoding: try HTMLReport(database: mesh.database, options: HTMLReportOptions()).rendered(as: .html),
        as: UTF8.self),
    ]
    for form in OutputForm.allCases {
      texts.append(
        String(
          decoding: try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).rendered(
            as: form),
          as: UTF8.self))
    }
    for text in texts {
      #expect(text.contains(shown[0]))
      for other in [host.0, host.1, local.0, local.1] where !shown.contains(other) {
        #expect(!text.contains(other))
      }
    }
    #expect(hops.contains(shown[1]) && !hops.contains("odd_address"))
    // That it is the server that the client's connection leads to is known from the addresses alone.
    let paths = try PathsReport(database: mesh.database).summary().paths
    #expect(paths.first { $0.way.from != nil }?.way.carrierStatus == .direct)
  }

  @Test(arguments: [
    "[fd00:1::a]:80", "[FD00:1:0::A]:80", "fd00:1::a", "[fd00:0001::000a]", "[fd00:1::a]:80 shop-1 # comment",
    "tcp://[fd00:1::a]:80",
  ])
  func `a list's spelling of a host is the log's`(_ text: String) throws {
    let mesh = try Self.mesh(host: Self.pairs[0].host, local: Self.pairs[0].local)
    let folder = try ScratchFolder()
    var options = ImbalanceOptions()
    options.endpoints = try EndpointList(file: folder.write("list.txt", text + "\nFD00:1::B\n"))
    let report = try ImbalanceReport(database: mesh.database, options: options).read()
    #expect(report.services.map { $0.spread.sortedHosts.map(\.host) } == [["[fd00:1::a]:80", "fd00:1::b"]])
  }
}
