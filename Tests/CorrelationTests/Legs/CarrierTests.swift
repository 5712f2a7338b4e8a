import AccessLog
import Testing

@testable import Correlation

@Suite struct `Carriers by address` {
  @Test func `a server hop went over the connection that its peer's address names`() {
    let told = told([
      server("web", at: 4, for: 40), proxy(at: -10, for: 3000),
      proxy(at: -10, for: 3000, as: "gate:5001"),
    ])
    #expect(told.carriers == [0: 1])
    #expect(told.evidence(0) == ["address"])
  }

  @Test func `a port that comes back is another connection`() {
    let told = told([
      server("web", at: 4, for: 40), server("web", at: 60_004, for: 40),
      proxy(at: -10, for: 3000), proxy(at: 59_990, for: 3000, from: "nat:701"),
    ])
    #expect(told.carriers == [0: 2, 1: 3])
  }

  @Test func `a port that comes back leaves a request in between alone`() {
    let told = told([
      server("web", at: 30_000, for: 40), proxy(at: -10, for: 3000),
      proxy(at: 59_990, for: 3000, from: "nat:701"),
    ])
    #expect(told.carriers.isEmpty)
  }

  @Test func `one port can serve two destinations at once`() {
    let told = told([
      server("web", at: 4, for: 40), server("web2", at: 4, for: 40),
      proxy(at: -10, for: 3000, to: "web2:80"), proxy(at: -10, for: 3000, from: "nat:701", to: "web:80"),
    ])
    #expect(told.carriers == [0: 3, 1: 2])
  }

  @Test func `without NAT the proxy names the client's own address`() {
    let told = told([
      client("sleep", at: 0, for: 49), proxy(at: -10, for: 3000, from: "sleep:40000"),
    ])
    #expect(told.carriers == [0: 1])
    #expect(told.evidence(0) == ["address"])
  }

  @Test func `of lines that repeat a connection the last is the connection`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      proxy(at: -10, for: 1, sent: 0, received: 0), proxy(at: -10, for: 5000, sent: 900, received: 500),
      proxy(at: -10, for: 9000),
    ])
    #expect(told.carriers == [0: 4, 1: 4])
  }

  @Test func `a connection that is logged again and again goes on after its last line so far`() {
    let told = told([
      server("web", at: 4, for: 40), server("web", at: 12_000, for: 40),
      proxy(at: -10, for: 0), proxy(at: -10, for: 5000), proxy(at: -10, for: 10_000),
    ])
    #expect(told.carriers == [0: 4, 1: 4])
  }

  @Test func `it has ended where its proxy's log goes on without it`() {
    let told = told([
      server("web", at: 4, for: 40), server("web", at: 12_000, for: 40),
      proxy(at: -10, for: 0), proxy(at: -10, for: 5000), proxy(at: -10, for: 10_000),
      proxy(at: 9_000, for: 15_000, from: "nat:701", as: "gate:5001"),
    ])
    #expect(told.carriers == [0: 4])
  }

  @Test func `a connection that failed carries nothing`() {
    let told = told([
      client("sleep", at: 0, for: 49),
      proxy(at: -10, for: 500, as: "", to: "", flags: .noClusterFound, sent: 0, received: 0),
    ])
    #expect(told.carriers.isEmpty)
  }
}

@Suite struct `Carriers through the triangle` {
  @Test func `one request linked by id tells the carrier of its whole connection`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      client("sleep", at: 100, for: 49), client("sleep", at: 200, for: 49),
      proxy(at: -10, for: 3000),
    ])
    #expect(told.carriers == [0: 4, 1: 4, 2: 4, 3: 4])
    #expect(told.evidence(2) == ["triangle", "time"])
  }

  @Test func `a request may begin before the connection that carries it`() {
    let told = told([
      client("sleep", at: 0, for: 90, id: 7), server("web", at: 31, for: 50, id: 7),
      proxy(at: 15, for: 3000),
    ])
    #expect(told.carriers == [0: 2, 1: 2])
  }

  @Test func `a client's port that comes back goes with each connection's own carrier`() {
    let told = told([
      client("sleep", at: 0, for: 49, id: 7), server("web", at: 4, for: 40, id: 7),
      client("sleep", at: 60_000, for: 49, id: 8),
      server("web", at: 60_004, for: 40, id: 8, from: "gate:5001"),
      // Ids of these two were lost.
      client("sleep", at: 500, for: 49), client("sleep", at: 60_500, for: 49),
      proxy(at: -10, for: 3000), proxy(at: 59_990, for: 3000, from: "nat:701", as: "gate:5001"),
    ])
    #expect(told.carriers == [0: 6, 1: 6, 2: 7, 3: 7, 4: 6, 5: 7])
  }

  @Test func `over HTTP 2 many requests at once share one carrier`() {
    var lines = [proxy(at: -20, for: 5000)]
    for number in 0..<20 {
      let start = Double(number) * 3
      lines.append(client("sleep", at: start, for: 60, id: UInt64(number + 1)))
      lines.append(server("web", at: start + 5, for: 50, id: UInt64(number + 1), http: 2))
    }
    let told = told(lines)
    #expect(told.carriers.count == 40 && told.carriers.values.allSatisfy { $0 == 0 })
    #expect(told.parents.count == 20)
  }
}
