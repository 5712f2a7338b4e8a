import Correlation
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Reports of many services, hosts and minutes. What compared each with each took minutes at these sizes.
@Suite(.timeLimit(.minutes(1))) struct `Reports grow with what they report` {
  private static func sums(hosts: Int, proxies: Int = 1) -> ServiceSums {
    var sums = ServiceSums(connections: ConnectionTally(groups: hosts))
    for number in 0..<hosts {
      let host = "10.\(number >> 16).\(number >> 8 & 255).\(number & 255):80"
      var sum = GroupSum(
        LegTable.Group(
          index: number, service: "shop:80", host: host,
          client: .init(meshCluster: "one", workload: "web", pod: "web-\(number)"),
          proxy: .init(meshCluster: "two", workload: "border", pod: "border-\(number % proxies)"),
          server: .init(meshCluster: "two", workload: "shop", pod: "shop-\(number)")))
      sum.requests = Int64(1000 + number % 7 * 500)
      sum.attempts = sum.requests
      (sum.firstStart, sum.lastStart) = (0, 600_000_000)
      sums.groups.append(sum)
      sums.minutes[host, default: HostMinutes()].add(Int64(number) * LegTable.minute, sum.attempts)
    }
    return sums
  }

  @Test func `20 000 hosts of one service, each with a minute and a proxy of its own`() {
    let service = ServiceImbalance(
      ServiceSpread("shop:80", Self.sums(hosts: 20_000, proxies: 20_000)), knowsEndpoints: false)
    #expect(service.spread.hosts.count == 20_000)
    #expect(service.rows.count == 20_000)
    #expect(service.spread.worstMinute != nil)
  }

  @Test func `40 000 endpoints without a request`() throws {
    let lines = (0..<40_000).map { "10.1.\($0 >> 8).\($0 & 255):80 idle-\($0)\n" }.joined()
    let folder = try ScratchFolder()
    let endpoints = try EndpointList(file: folder.write("list", lines)).endpoints
    var spread = ServiceSpread("shop:80", Self.sums(hosts: 10))
    spread.add(idle: endpoints)
    #expect(ServiceImbalance(spread, knowsEndpoints: true).caveats.count >= 40_000)
  }

  private static func path(_ number: Int, direct: Bool) -> PathSummary {
    var way = PathSummary.Way(
      LegTable.Group(
        service: "shop-\(number)", host: "10.0.0.1:80",
        client: .init(meshCluster: "one", workload: "web-\(number)", pod: "web-\(number)"),
        proxy: direct ? nil : .init(meshCluster: "two", workload: "border", pod: "border"),
        server: .init(meshCluster: "two", workload: "shop-\(number)", pod: "shop-\(number)")))
    if direct { way.carrierStatus = .direct }
    var path = PathSummary(way)
    path.requests = 1
    return path
  }

  @Test func `30 000 paths as a picture, and those of them that bypass a proxy`() {
    let paths = (0..<15_000).flatMap { [Self.path($0, direct: true), Self.path($0, direct: false)] }
    #expect(PathFindings(paths).sentences.count == 15_000)
    let dot = PathGraph(paths).text(.dot)
    #expect(dot.split(separator: "\n").count { $0.contains(" -> ") } == 45_000)
    #expect(PathGraph(paths).text(.mermaid).split(separator: "\n").count { $0.contains("-->|") } == 45_000)
  }

  /// Each of 50 000 services has three of them.
  @Test func `a handful of durations takes some bytes, not an array of all that there could be`() {
    var sum = DurationSum()
    for duration in [5_000, 2_000_000, 90_000_000] as [Int64] {
      for _ in 0..<100 {
        sum.add(encoded: DurationHistogram(unsorted: [DurationHistogram.bin(duration)]).encoded)
      }
    }
    #expect(sum.count == 300 && sum.heldBytes < 64)
    var many = DurationSum()
    for bin in 0..<UInt16(2000) { many.add(encoded: DurationHistogram(unsorted: [bin, bin]).encoded) }
    #expect(many.count == 4000 && many.bins.count == 2000)
  }

  @Test func `minutes of many groups are kept once for each host`() {
    var minutes = HostMinutes()
    for group in 0..<500 {
      for minute in 0..<100 { minutes.add(Int64(minute) * LegTable.minute, Int64(group)) }
    }
    #expect(minutes.count <= 2 * 100 + 1)
    #expect(minutes.sorted.map(\.attempts) == [Int64](repeating: 499 * 500 / 2, count: 100))
  }

  /// Hosts with requests in a minute alone are looked at; the others count as none.
  @Test func `metrics of few among many are those of all`() {
    for others in [0, 1, 7] {
      let some: [Double] = [3, 9, 1]
      let all = ImbalanceMetrics(some + [Double](repeating: 0, count: others), choices: 13)
      let sparse = ImbalanceMetrics(some, others: others, choices: 13)
      #expect(abs(all.cv - sparse.cv) < 1e-12 && abs(all.gini - sparse.gini) < 1e-12)
      #expect(all.maxOverMean == sparse.maxOverMean && all.jain == sparse.jain && all.hosts == sparse.hosts)
      #expect(all.isUneven == sparse.isUneven)
    }
  }

  @Test(arguments: OutputForm.allCases)
  func `a report that is rendered in pieces is the whole one`(form: OutputForm) {
    var whole = Report(
      schema: "x/1", rowsKey: "rows", columns: [.init(key: "a", header: "A"), .init(key: "b.c", header: "B")])
    var pieces = whole
    let numbers = Array(0..<3000)
    whole.rows = numbers.map { [.integer(Int64($0)), .text(String(repeating: "x", count: $0 % 50))] }
    pieces.setRows(of: numbers) { [.integer(Int64($0)), .text(String(repeating: "x", count: $0 % 50))] }
    var stream = ReportStream(schema: "x/1", rowsKey: "rows", columns: whole.columns, form: form)
    let expected = stream.render(whole.rows) + stream.end()
    #expect(whole.rendered(as: form) == expected)
    #expect(pieces.rendered(as: form) == expected)
    pieces.rows.append([.missing, .missing])
    #expect(pieces.rowCount == 3001 && pieces.rows.count == 3001)
  }
}
