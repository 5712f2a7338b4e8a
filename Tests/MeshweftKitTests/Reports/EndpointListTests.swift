import TestSupport
import Testing

@testable import MeshweftKit

@Suite struct `Lists of endpoints` {
  private static func list(_ text: String) throws -> [Endpoint] {
    let folder = try ScratchFolder()
    return try EndpointList(file: folder.write("list", text)).endpoints
  }

  /// Named so that a service's hosts in the logs are `hosts`.
  private static func idle(_ text: String, beside hosts: [String]) throws -> [String] {
    let known = HostNames(hosts)
    return try list(text).filter { !known.contain($0) }.map { $0.name(like: known) }
  }

  @Test(
    arguments: [
      ("10.0.0.1", "10.0.0.1", nil), ("10.0.0.1:80", "10.0.0.1", 80), ("::1", "::1", nil),
      ("fd00::1", "fd00::1", nil),
      ("[fd00::1]", "fd00::1", nil), ("[fd00::1]:80", "fd00::1", 80), ("FD00:0::0001", "fd00::1", nil),
      ("fe80::1%eth0", "fe80::1%eth0", nil), ("[fe80::1%eth0]:80", "fe80::1%eth0", 80),
      ("::ffff:10.0.0.1", "10.0.0.1", nil), ("[::ffff:a00:1]:80", "10.0.0.1", 80),
      ("fd00::1:80", "fd00::1:80", nil), ("envoy://internal/x", "envoy://internal/x", nil),
      ("shop.example.com:443", "shop.example.com", 443), ("/run/x.sock", "/run/x.sock", nil),
    ] as [(String, String, Int?)])
  func `a line's address may be of any form`(_ text: String, _ ip: String, _ port: Int?) throws {
    #expect(
      try Self.list(text + " pod-1") == [Endpoint(ips: [ip], ports: port.map { [$0] } ?? [], pod: "pod-1")])
  }

  @Test(arguments: ["shop", "fd00::g", "1:2:3", "10.0.0.1:80:90", "[fd00::1", "[fd00::1]:99999", "{", "[1]"])
  func `a line without an address is refused`(_ text: String) {
    #expect(throws: UsageError.self) { try Self.list("10.0.0.1:80\n" + text) }
  }

  private static func slice(_ family: String, _ addresses: [(ip: String, pod: String)], ports: [Int])
    -> String
  {
    let endpoints = addresses.map {
      #"{"addresses": ["\#($0.ip)"], "targetRef": {"kind": "Pod", "name": "\#($0.pod)"}}"#
    }
    let ports = ports.map { #"{"name": "p\#($0)", "port": \#($0)}"# }
    return #"{"kind": "EndpointSlice", "addressType": "\#(family)", "metadata": {"namespace": "ns"}, "#
      + #""ports": [\#(ports.joined(separator: ","))], "endpoints": [\#(endpoints.joined(separator: ","))]}"#
  }

  @Test func `endpoints that are not ready or are being ended are none`() throws {
    let conditions = [
      "{}", #"{"ready": true}"#, #"{"ready": null}"#,
      #"{"ready": false, "serving": true, "terminating": true}"#, #"{"ready": false}"#,
      #"{"ready": true, "terminating": true}"#,
    ]
    let endpoints = conditions.enumerated().map {
      #"{"addresses": ["10.0.0.\#($0.offset)"], "conditions": \#($0.element)}"#
    }
    let all = endpoints.joined(separator: ",")
    let slice = #"{"kind": "EndpointSlice", "ports": [], "endpoints": [\#(all)]}"#
    #expect(try Self.list(slice).flatMap(\.ips) == ["10.0.0.0", "10.0.0.1", "10.0.0.2"])
  }

  private static func subset(_ addresses: [(ip: String, pod: String)], ports: [Int]) -> String {
    let hosts = addresses.map { #"{"ip": "\#($0.ip)", "targetRef": {"kind": "Pod", "name": "\#($0.pod)"}}"# }
    return
      #"{"addresses": [\#(hosts.joined(separator: ","))], "ports": [\#(ports.map { #"{"port": \#($0)}"# }.joined(separator: ","))]}"#
  }

  private static func items(_ items: [String]) -> String {
    #"{"kind": "List", "items": [\#(items.joined(separator: ","))]}"#
  }

  private static let pods = [("10.0.0.1", "shop-1"), ("10.0.0.2", "shop-2")]
  private static let sixes = [("FD00:0::1", "shop-1"), ("fd00::2", "shop-2")]

  /// `kubectl get endpointslices,endpoints,pods -o json` of a service with two families and two ports.
  private static let everything = items([
    slice("IPv4", pods, ports: [80, 9090]), slice("IPv6", sixes, ports: [80, 9090]),
    #"{"kind": "Endpoints", "metadata": {"namespace": "ns"}, "subsets": ["#
      + "\(subset(pods, ports: [80])), \(subset(pods, ports: [9090]))]}",
    #"{"kind": "Pod", "metadata": {"namespace": "ns", "name": "shop-1"}, "status": {"phase": "Running", "podIP": "10.0.0.1","#
      + #""podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}]}}"#,
    #"{"kind": "Pod", "metadata": {"namespace": "ns", "name": "done-1"}, "status": {"phase": "Succeeded", "podIP": "10.0.0.9"}}"#,
  ])

  @Test func `a pod that is listed by family, by port and by kind is one endpoint`() throws {
    #expect(
      try Self.list(Self.everything) == [
        Endpoint(ips: ["10.0.0.1", "fd00::1"], ports: [80, 9090], pod: "shop-1"),
        Endpoint(ips: ["10.0.0.2", "fd00::2"], ports: [80, 9090], pod: "shop-2"),
      ])
  }

  @Test func `balance over either family stays balance`() throws {
    for hosts in [
      ["10.0.0.1:80", "10.0.0.2:80"], ["[fd00::1]:80", "[fd00::2]:80"], ["10.0.0.1:80", "[fd00::2]:80"],
    ] {
      #expect(try Self.idle(Self.everything, beside: hosts) == [])
    }
  }

  @Test func `an idle pod is one host, named as the others are`() throws {
    #expect(try Self.idle(Self.everything, beside: ["10.0.0.1:9090"]) == ["10.0.0.2:9090"])
    #expect(try Self.idle(Self.everything, beside: ["[fd00::2]:80"]) == ["[fd00::1]:80"])
    #expect(try Self.idle("fd00::7 a\n10.0.0.7 a\n", beside: ["10.0.0.1:80"]) == ["10.0.0.7"])
  }

  @Test func `two ports of one address in lines, and two pods of one address, are two`() throws {
    #expect(try Self.list("10.0.0.1:80 a\n10.0.0.1:81 a\n10.0.0.1:80 a\n").count == 2)
    #expect(
      try Self.list(Self.items([Self.slice("IPv4", [("10.0.0.1", "a"), ("10.0.0.1", "b")], ports: [80])]))
        .count == 2)
    #expect(try Self.list("10.0.0.1:80 a\n10.0.0.2:80 a\n").count == 2)
  }

  @Test func `an address without a port means those that other lines name`() throws {
    let both = [
      Endpoint(ips: ["10.0.0.1"], ports: [80], pod: "a"), Endpoint(ips: ["10.0.0.1"], ports: [81], pod: "a"),
    ]
    #expect(try Self.list("10.0.0.1 a\n10.0.0.1:80\n10.0.0.1:81\n") == both)
    #expect(try Self.list("10.0.0.1:80 a\n10.0.0.1:81\n10.0.0.1\n") == both)
    #expect(try Self.list("10.0.0.1\n10.0.0.1\n") == [Endpoint(ips: ["10.0.0.1"], ports: [], pod: "")])
  }

  @Test func `a byte order mark is no address`() throws {
    #expect(try Self.list("\u{FEFF}10.0.0.1:80 a\n").count == 1)
    #expect(
      try Self.list("\u{FEFF}" + Self.items([Self.slice("IPv4", [("10.0.0.1", "a")], ports: [80])])).count
        == 1)
  }

  @Test func `where one list names the pod and another does not, it is one endpoint`() throws {
    let bare =
      #"{"kind": "Endpoints", "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]}"#
    let named = Self.slice("IPv4", [("10.0.0.1", "shop-1")], ports: [80])
    for items in [[bare, named], [named, bare]] {
      #expect(try Self.list(Self.items(items)) == [Endpoint(ips: ["10.0.0.1"], ports: [80], pod: "shop-1")])
    }
  }

  @Test func `an array of objects will do, and a line in brackets is no array`() throws {
    #expect(try Self.list("[" + Self.slice("IPv6", Self.sixes, ports: [80]) + "]").count == 2)
    #expect(try Self.list("[fd00::1]:80\n[fd00::2]:80\n").count == 2)
    #expect(throws: UsageError.self) { try Self.list("{\"kind\": ") }
  }
}
