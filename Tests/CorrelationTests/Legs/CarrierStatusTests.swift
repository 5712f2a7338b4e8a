import AccessLog
import Testing

@testable import Correlation

@Suite struct `What became of a carrier` {
  @Test func `a request whose connection the proxy logged is linked at both ends`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      proxy(at: -10, for: 3000),
    ])
    #expect(told.status(0) == .linked && told.status(1) == .linked)
  }

  @Test func `a connection that nothing shows to be closed is not logged yet`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      proxy(at: -9000, for: 60_000, from: "nat:701", as: "gate:5001"),
    ])
    #expect(told.carriers.isEmpty)
    #expect(told.status(0) == .notLoggedYet && told.status(1) == .notLoggedYet)
  }

  @Test func `a proxy without any line has not logged the connection yet`() {
    let told = told([client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7)])
    #expect(told.status(0) == .notLoggedYet && told.status(1) == .notLoggedYet)
  }

  @Test func `a connection that had ended an hour before the request does not carry it`() {
    let told = told([
      client("sleep", at: 5_105_000, for: 7, id: 7), proxy(at: 0, for: 1_568_569),
    ])
    #expect(told.carriers.isEmpty && told.parents.isEmpty)
    #expect(told.status(0) == .notLoggedYet)
  }

  @Test func `masked addresses are never taken for equal`() {
    var story = Story([
      client("sleep", at: 0, for: 49), server("web", at: 4, for: 40), proxy(at: -10, for: 3000),
    ]).hops
    for index in story.indices {
      story[index].upstreamLocal = .min + 5
      story[index].downstreamRemote = .min + 5
      story[index].upstreamHost = .min + 6
      story[index].downstreamLocal = .min + 6
    }
    let outcomes = Correlator().correlate(story).outcomes
    #expect(outcomes.allSatisfy { $0.carriers.isEmpty && $0.carrierStatus != .direct })
  }

  @Test func `an address used again shows that the connection before has closed`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      // Another connection from the same port of the proxy, and a later one that shows how far the log reaches.
      client("cat", at: 60_000, for: 49, id: 8), server("web", at: 60_004, for: 40, id: 8),
      proxy(at: 59_990, for: 500, from: "nat:702"),
      proxy(at: -5000, for: 100, from: "nat:701", as: "gate:5001"),
      proxy(at: 61_000, for: 2000, from: "nat:703", as: "gate:5003"),
    ])
    #expect(told.carriers == [2: 4, 3: 4])
    #expect(told.status(0) == .missing && told.status(1) == .missing)
  }

  @Test func `a request that nothing links may have gone over a connection whose client nobody knows`() {
    let lines = [
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 8),
      proxy(at: -10, for: 3000),
      // The client's port was used again, and the proxy's log goes on: that connection has closed.
      client("sleep", at: 60_000, for: 49, id: 9),
      server("web", at: 60_004, for: 40, id: 9, from: "gate:5001"),
      proxy(at: 59_990, for: 500, from: "nat:702", as: "gate:5001"),
      proxy(at: -5000, for: 100, from: "nat:701", as: "gate:5002"),
      proxy(at: 61_000, for: 2000, from: "nat:703", as: "gate:5003"),
    ]
    let found = told(lines)
    #expect(found.parents[1] == nil && found.carriers == [1: 2, 3: 5, 4: 5])
    #expect(found.status(0) == .unknown, "its line is there, whosever it may be")
    let lost = told(lines.filter { $0.hop.role != .proxy || $0.hop.duration != 3_000_000 })
    #expect(lost.status(0) == .missing)
  }

  @Test func `a request given up over HTTP 1 closes its connection`() {
    let lines = [
      client("sleep", at: 0, for: 500, id: 7, code: 504, flags: .upstreamRequestTimeout),
      server("web", at: 4, for: 510, id: 7, code: 0, flags: .downstreamConnectionTermination),
      proxy(at: -5000, for: 100, from: "nat:701", as: "gate:5001"),
      proxy(at: -5000, for: 20_000, from: "nat:702", as: "gate:5002"),
    ]
    #expect(told(lines).status(0) == .missing && told(lines).status(1) == .missing)
    let overHTTP2 = lines.map { line in
      var line = line
      if line.hop.role == .server { line.hop.httpVersion = 2 }
      return line
    }
    #expect(told(overHTTP2).status(0) == .notLoggedYet, "only the stream was reset")
  }

  @Test func `a log that ends before the connection can have closed has not logged it yet`() {
    let told = told([
      client("sleep", at: 0, for: 500, id: 7, code: 504, flags: .upstreamRequestTimeout),
      server("web", at: 4, for: 510, id: 7, code: 0, flags: .downstreamConnectionTermination),
      proxy(at: -5000, for: 5100, from: "nat:701", as: "gate:5001"),
    ])
    #expect(told.status(0) == .notLoggedYet)
  }

  @Test func `a log that begins after the connection had closed says nothing`() {
    let told = told([
      client("sleep", at: 0, for: 500, id: 7, code: 504, flags: .upstreamRequestTimeout),
      server("web", at: 4, for: 510, id: 7, code: 0, flags: .downstreamConnectionTermination),
      proxy(at: 5000, for: 1000, from: "nat:701", as: "gate:5001"),
    ])
    #expect(told.status(0) == .unknown)
  }

  @Test func `where a proxy closes old connections none is older`() {
    let lines = [
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      proxy(at: -12_000, for: 11_002, from: "nat:701", as: "gate:5001", flags: .durationTimeout),
      proxy(at: 2000, for: 11_003, from: "nat:702", as: "gate:5002", flags: .durationTimeout),
    ]
    #expect(told(lines).status(0) == .missing)
    #expect(told(Array(lines.prefix(3))).status(0) == .notLoggedYet)
  }
}

/// Connections of one request each that close three seconds after it, one every ten seconds; the last without its line.
private func idleTimeouts(quietFor quiet: Double) -> [Line] {
  var lines: [Line] = []
  for number in 0..<5 {
    let start = Double(number) * 10_000
    let own = "gate:\(5100 + number)"
    lines += [
      client("sleep", at: start, for: 49, id: UInt64(number + 1), from: "sleep:\(40_000 + number)"),
      server("web", at: start + 4, for: 40, id: UInt64(number + 1), from: own),
    ]
    if number < 4 { lines.append(proxy(at: start - 20, for: 3070, from: "nat:\(700 + number)", as: own)) }
  }
  let end = 40_000 + quiet
  return lines + [
    client("sleep", at: end, for: 49, id: 99, from: "sleep:49999"),
    server("web", at: end + 4, for: 40, id: 99, from: "gate:5199"),
    proxy(at: end - 20, for: 3070, from: "nat:799", as: "gate:5199"),
  ]
}

@Suite struct `Silence on a connection` {
  @Test func `longer than a timeout that carriers show means that it has closed`() {
    let lines = idleTimeouts(quietFor: 20_000)
    #expect(told(lines).status(9) == .linked, "the one before")
    #expect(told(lines).status(lines.count - 5) == .missing)
    #expect(told(lines).status(lines.count - 4) == .missing)
  }

  @Test func `shorter than that proves nothing`() {
    let lines = idleTimeouts(quietFor: 1_000)
    #expect(told(lines).status(lines.count - 5) == .notLoggedYet)
  }

  @Test func `proves nothing where no carriers ended by it at different times`() {
    // All end at once, as when the proxy stops.
    let lines = idleTimeouts(quietFor: 20_000).map { line in
      var line = line
      if line.hop.role == .proxy { line.hop.duration = 1_795_000_080_000_000 - line.hop.start }
      return line
    }
    #expect(told(lines).status(lines.count - 5) == .notLoggedYet)
  }
}

@Suite struct `Requests without a proxy on their way` {
  @Test func `the server names the address that the client calls from`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7, to: "vip:80"),
      server("web", at: 1, for: 40, id: 7, from: "sleep:40000", in: "ack1"),
    ])
    #expect(told.status(0) == .direct && told.status(1) == .direct)
  }

  @Test func `the client calls the server's own address`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7, to: "web:80"),
      server("web", at: 1, for: 40, id: 7, from: "node:1234", in: "ack1"),
    ])
    #expect(told.status(0) == .direct && told.status(1) == .direct)
  }

  @Test func `a request to an address that a server sidecar has is direct though its server line was lost`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7, to: "web:80"),
      server("web", at: 1000, for: 40, id: 8, from: "cat:40000", in: "ack1"),
    ])
    #expect(told.status(0) == .direct)
  }

  @Test
  func `a server called from a client's own address is called directly though the client line was lost`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7, to: "db:3306", service: "db"),
      server("web", at: 1000, for: 40, id: 8, from: "sleep:40001", in: "ack1"),
    ])
    #expect(told.status(1) == .direct)
  }

  @Test func `a request that never left its sidecar had no carrier`() {
    let told = told([
      client("sleep", at: 0, for: 0, from: "", to: "", code: 503, flags: .noHealthyUpstream),
      client("sleep", at: 50, for: 20, from: "", to: "", code: 0, flags: .downstreamConnectionTermination),
      client("sleep", at: 100, for: 49, id: 7), server("web", at: 104, for: 40, id: 7),
      proxy(at: -10, for: 3000),
    ])
    #expect(told.status(0) == .direct && told.status(1) == .direct)
  }

  @Test func `of a request whose connection never came about nothing is known`() {
    let told = told([
      client("sleep", at: 0, for: 3000, from: "", code: 503, flags: .upstreamConnectionFailure),
      client("sleep", at: 100, for: 49, id: 7), server("web", at: 104, for: 40, id: 7),
      proxy(at: -10, for: 3000),
    ])
    #expect(told.status(0) == .unknown)
  }

  @Test func `of a request to an address that nothing tells about nothing is known`() {
    let told = told([client("sleep", at: 0, for: 49, id: 7, to: "other:8443")])
    #expect(told.status(0) == .unknown)
  }
}
