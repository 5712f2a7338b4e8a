import TestSupport
import Testing

@testable import MeshweftKit

@Suite struct `Why requests are uneven` {
  /// One connection of a client, and how many requests it carried to a host.
  private struct Flow {
    var client: String
    var host: String
    var connection: UInt64
    var requests: Int64
    var proxy = "proxy-a"
    var from: Int64 = 0
  }

  private func spread(_ flows: [Flow]) -> ServiceSpread {
    var connections = ConnectionTally(groups: flows.count)
    let sums = flows.enumerated().map { index, flow in
      var sum = GroupSum(
        LegTable.Group(
          index: index, service: "shop:80", host: flow.host,
          client: .init(meshCluster: "one", workload: "web", pod: flow.client),
          proxy: .init(meshCluster: "two", workload: "border", pod: flow.proxy),
          server: .init(meshCluster: "two", workload: "shop", pod: "shop-" + flow.host)))
      sum.requests = flow.requests
      sum.attempts = flow.requests
      sum.busy = 10 * flow.requests
      sum.bytes = 100 * flow.requests
      sum.firstStart = flow.from
      sum.lastStart = 600_000_000
      connections.add(flow.connection, groups: [index])
      return sum
    }
    var minutes: [String: HostMinutes] = [:]
    for flow in flows { minutes[flow.host, default: HostMinutes()].add(0, flow.requests) }
    return ServiceSpread("shop:80", ServiceSums(groups: sums, connections: connections, minutes: minutes))
  }

  private func judged(_ flows: [Flow]) -> ServiceImbalance {
    ServiceImbalance(spread(flows), knowsEndpoints: false)
  }

  @Test func `connections are even and requests are not: pinning, and who it is`() {
    let result = judged([
      Flow(client: "a", host: "10.0.0.1:80", connection: 1, requests: 8000),
      Flow(client: "b", host: "10.0.0.1:80", connection: 2, requests: 100),
      Flow(client: "c", host: "10.0.0.2:80", connection: 3, requests: 300),
      Flow(client: "d", host: "10.0.0.2:80", connection: 4, requests: 200),
    ])
    #expect(result.verdict == .imbalanced && result.cause == .connectionPinning)
    #expect(result.drivers.map(\.client) == ["a", "b"])
    #expect(result.drivers.first?.connections == 1 && result.drivers.first?.requests == 8000)
  }

  @Test func `three connections over two hosts are too few`() {
    let result = judged([
      Flow(client: "a", host: "10.0.0.1:80", connection: 1, requests: 500),
      Flow(client: "b", host: "10.0.0.1:80", connection: 2, requests: 500),
      Flow(client: "c", host: "10.0.0.1:80", connection: 3, requests: 500),
      Flow(client: "d", host: "10.0.0.2:80", connection: 4, requests: 500),
      Flow(client: "e", host: "10.0.0.3:80", connection: 5, requests: 500),
    ])
    #expect(result.cause == .fewConnections)
  }

  @Test func `a host that came late has less`() {
    let result = judged(
      (0..<20).map { number in
        Flow(
          client: "a\(number)", host: "10.0.0.\(number % 2 + 1):80", connection: UInt64(number + 1),
          requests: 200)
      } + [Flow(client: "z", host: "10.0.0.3:80", connection: 99, requests: 150, from: 400_000_000)])
    #expect(result.cause == .lateHost)
  }

  @Test func `hosts that all began at once are not late, however old the first line is`() {
    var old = Flow(client: "x", host: "10.0.0.9:80", connection: 77, requests: 0)
    old.from = -1_000_000_000_000
    let result = judged(
      [old]
        + (1...2).map { host in
          Flow(
            client: "a\(host)", host: "10.0.0.\(host):80", connection: UInt64(host),
            requests: Int64(host * 1000), from: 500_000_000)
        })
    #expect(result.cause == .connectionPinning)
    #expect(result.spread.unlogged == ["10.0.0.9:80"])
  }

  @Test func `a proxy with most of the requests and hosts of its own`() {
    let result = judged(
      (0..<40).map { number in
        let isBusy = number < 30
        return Flow(
          client: "a\(number)", host: isBusy ? "10.0.0.1:80" : "10.0.0.2:80",
          connection: UInt64(number + 1), requests: 100, proxy: isBusy ? "proxy-a" : "proxy-b")
      })
    #expect(result.cause == .proxyShare)
  }

  @Test func `few requests are too few to tell, many even ones are balanced`() {
    let few = judged([
      Flow(client: "a", host: "10.0.0.1:80", connection: 1, requests: 9),
      Flow(client: "b", host: "10.0.0.2:80", connection: 2, requests: 5),
    ])
    #expect(few.verdict == .tooFew && few.cause == .none && few.drivers.isEmpty)
    let even = judged([
      Flow(client: "a", host: "10.0.0.1:80", connection: 1, requests: 5000),
      Flow(client: "b", host: "10.0.0.2:80", connection: 2, requests: 5100),
    ])
    #expect(even.verdict == .balanced && even.cause == .none)
  }

  @Test func `idle endpoints count as hosts without requests`() throws {
    let folder = try ScratchFolder()
    let list = try folder.write(
      "endpoints.txt", "# shop\n10.0.0.1:80 shop-1\n10.0.0.2:80\n10.0.0.9:80 shop-9\n")
    var spread = spread([
      Flow(client: "a", host: "10.0.0.1:80", connection: 1, requests: 1000),
      Flow(client: "b", host: "10.0.0.2:80", connection: 2, requests: 1000),
    ])
    spread.add(idle: try EndpointList(file: list).endpoints)
    #expect(spread.sortedHosts.map(\.host) == ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.9:80"])
    #expect(spread.sortedHosts.last?.pod == "shop-9")
    #expect(spread.requests.maxOverMean == 1.5)
  }

  @Test func `endpoints are read from kubectl's JSON, too`() throws {
    let folder = try ScratchFolder()
    let slices = try folder.write(
      "slices.json",
      """
      {"kind": "List", "items": [{"kind": "EndpointSlice", "ports": [{"port": 80}], "endpoints": [
        {"addresses": ["10.0.0.1"], "targetRef": {"name": "shop-1"}}, {"addresses": ["10.0.0.2"]}]},
       {"kind": "Endpoints", "subsets": [{"addresses": [{"ip": "10.0.0.3"}], "ports": [{"port": 81}]}]}]}
      """)
    #expect(
      try EndpointList(file: slices).endpoints.map { "\($0.name(like: HostNames([String]()))) \($0.pod)" }
        == ["10.0.0.1:80 shop-1", "10.0.0.2:80 ", "10.0.0.3:81 "])
    let odd = try folder.write("odd.txt", "10.0.0.1:80\nshop\n")
    #expect(throws: UsageError.self) { try EndpointList(file: odd).endpoints }
    #expect(throws: UsageError.self) { try EndpointList(file: folder.file("none")).endpoints }
  }

  @Test(arguments: ["max-mean", "max-mean=", "max-mean=0.5", "gini=2", "max-mean=x"])
  func `a limit that is none is refused`(text: String) {
    #expect(throws: UsageError.self) { try FailOn(text) }
  }
}
