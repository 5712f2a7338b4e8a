import AccessLog
import Testing

@testable import Correlation

@Suite struct `Legs by request id` {
  @Test func `a server hop with the id of a client hop answers it`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      client("sleep", at: 0, for: 49, id: 8, from: "sleep:40001"),
      server("web", at: 4, for: 40, id: 8, from: "gate:5001"),
    ])
    #expect(told.parents == [1: 0, 3: 2])
    #expect(told[1]?.parent?.evidence.names == ["request_id"])
  }

  @Test func `all attempts of a retried request belong to its one client hop`() {
    let told = told([
      client("sleep", at: 0, for: 180, id: 7, code: 503, flags: .upstreamRetryLimitExceeded),
      server("web", at: 4, for: 5, id: 7, from: "gate:5001", code: 503),
      server("web2", at: 60, for: 5, id: 7, from: "gate:5002", code: 503),
      server("web", at: 150, for: 5, id: 7, code: 503),
      proxy(at: -10, for: 4000, from: "nat:701", as: "gate:5001"),
      proxy(at: -10, for: 4000, from: "nat:702", as: "gate:5002", to: "web2:80"),
      proxy(at: -10, for: 4000),
    ])
    #expect(told.parents == [1: 0, 2: 0, 3: 0])
    #expect(told.carriers == [0: 6, 1: 4, 2: 5, 3: 6], "the client names its last attempt's connection")
  }

  @Test func `an attempt before the last, whose line is missing, does not name the connection`() {
    var lines = [
      client("sleep", at: 0, for: 180, id: 7, code: 503, flags: .upstreamRetryLimitExceeded),
      server("web", at: 4, for: 5, id: 7, from: "gate:5001", code: 503),
      server("web2", at: 60, for: 5, id: 7, from: "gate:5002", code: 503),
      proxy(at: -10, for: 40, from: "nat:701", as: "gate:5001"),
      proxy(at: 50, for: 40, from: "nat:702", as: "gate:5002", to: "web2:80"),
    ]
    for number in 1...20 {
      let (time, port) = (Double(1000 * number), 6000 + number)
      lines.append(client("sleep", at: time, for: 49, id: UInt64(100 + number), from: "sleep:\(port)"))
      lines.append(server("web", at: time + 4, for: 40, id: UInt64(100 + number), from: "gate:\(port)"))
    }
    let told = told(lines)
    #expect(told.parents[1] == 0 && told.parents[2] == 0)
    #expect(told.carriers[0] == nil)
  }

  @Test func `a server that goes on after its client gave up still answers it`() {
    let told = told([
      client("sleep", at: 0, for: 500, id: 7, code: 504, flags: .upstreamRequestTimeout, sent: 24),
      server("web", at: 4, for: 509, id: 7, code: 0, flags: .downstreamConnectionTermination, sent: 0),
    ])
    #expect(told.parents == [1: 0])
  }

  @Test func `an id of another service names another leg`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7, service: "shop"),
      server("db", at: 4, for: 40, id: 7, service: "db"),
    ])
    #expect(told.parents.isEmpty)
  }

  @Test func `an id seen again hours later is no answer`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 7_200_000, for: 40, id: 7),
    ])
    #expect(told.parents.isEmpty)
  }

  @Test func `two calls that share an id are told apart by what they ask for`() {
    let told = told([
      client("page", at: 0, for: 60, id: 7, from: "page:1", content: "GET /item/1", sent: 70),
      client("page", at: 1, for: 60, id: 7, from: "page:2", content: "GET /item/2", sent: 80),
      server("web", at: 5, for: 50, id: 7, from: "gate:5001", content: "GET /item/2", sent: 80),
      server("web", at: 6, for: 50, id: 7, from: "gate:5002", content: "GET /item/1", sent: 70),
    ])
    #expect(told.parents == [2: 1, 3: 0])
  }

  @Test func `a call whose client line was lost is not taken for another attempt of the call beside it`() {
    var lines: [Line] = []
    for number in 0..<20 {
      let start = Double(number) * 100
      lines.append(client("page", at: start, for: 60, id: UInt64(number + 100), from: "page:1"))
      lines.append(server("web", at: start + 4, for: 50, id: UInt64(number + 100), from: "gate:5001"))
    }
    lines += [
      client("page", at: 5000, for: 60, id: 7, from: "page:2", content: "GET /item/1", sent: 70),
      server("web", at: 5005, for: 50, id: 7, from: "gate:5002", content: "GET /item/1", sent: 70),
      server("web", at: 5006, for: 50, id: 7, from: "gate:5003", content: "GET /item/2", sent: 80),
      // The id of two calls, of each of which one line was lost.
      client("page", at: 6000, for: 60, id: 8, from: "page:2", content: "GET /item/3", sent: 90),
      server("web", at: 6005, for: 50, id: 8, from: "gate:5003", content: "GET /item/4", sent: 50),
    ]
    let told = told(lines)
    #expect(told.parents[41] == 40)
    #expect(told.parents[42] == nil)
    #expect(told.parents[44] == nil)
  }

  @Test func `a route that rewrites paths does not keep ids from linking`() {
    let lines = (0..<40).flatMap { number in
      let start = Double(number) * 100
      return [
        client("page", at: start, for: 60, id: UInt64(number + 1), content: "GET /shop/\(number)"),
        server("web", at: start + 4, for: 50, id: UInt64(number + 1), content: "GET /\(number)"),
      ]
    }
    #expect(told(lines).parents.count == 40)
  }

  @Test func `two equal calls that share an id are told apart by their connections`() {
    // Other requests have shown which connection is which.
    let told = told([
      client("page", at: -200, for: 60, id: 5, from: "page:1"),
      server("web", at: -195, for: 50, id: 5, from: "gate:5001"),
      client("page", at: -200, for: 60, id: 6, from: "page:2"),
      server("web", at: -195, for: 50, id: 6, from: "gate:5002"),
      client("page", at: 0, for: 60, id: 7, from: "page:1"),
      client("page", at: 0, for: 60, id: 7, from: "page:2"),
      server("web", at: 4, for: 50, id: 7, from: "gate:5002"),
      server("web", at: 5, for: 50, id: 7, from: "gate:5001"),
    ])
    #expect(told.parents[6] == 5 && told.parents[7] == 4)
  }

  @Test func `an id that a client repeats without end is no evidence`() {
    var lines: [Line] = []
    for number in 0..<70 {
      lines.append(client("sleep", at: Double(number), for: 49, id: 7, from: "sleep:\(number)"))
      lines.append(server("web", at: Double(number) + 4, for: 40, id: 7, from: "gate:\(number)"))
    }
    let links = told(lines).result.outcomes.compactMap(\.parent)
    #expect(!links.contains { $0.evidence.contains(.requestID) })
  }
}

/// Requests every 100 ms for a while, whose server's clock is off and drifts.
private func skewed(offset: Double, drift: Double, requests: Int = 600) -> [Line] {
  (0..<requests).flatMap { number in
    let start = Double(number) * 100
    let skew = offset + drift * start / 1e6
    let there = Double(4 + number % 3)
    return [
      client("sleep", at: start, for: 49, id: UInt64(number + 1)),
      server("web", at: start + there + skew, for: 40, id: UInt64(number + 1)),
    ]
  }
}

@Suite struct `Clocks` {
  @Test func `offset and drift are estimated from requests of known legs`() throws {
    let told = told(skewed(offset: 1500, drift: -60))
    let clock = try #require(told.result.clocks.first)
    #expect(told.result.clocks.count == 1)
    #expect(abs(clock.drift + 60) < 15)
    // In the middle, after 30 s, the drift has taken 1.8 ms; half of the round trip is about 4.5 ms.
    #expect(abs(clock.offset - 1_498_200) < 2_000)
    #expect(clock.uncertainty > 3_000 && clock.uncertainty < 6_000)
    #expect(clock.samples == 600)
  }

  @Test func `a skew of minutes does not keep ids from linking`() {
    let told = told(skewed(offset: 240_000, drift: 0, requests: 60))
    #expect(told.parents.count == 60)
  }

  @Test func `a clock that runs behind puts the server before the client`() {
    let told = told(skewed(offset: -310, drift: 40))
    #expect(told.parents.count == 600)
    #expect((told.result.clocks.first?.offset ?? 0) < -300_000)
  }
}
