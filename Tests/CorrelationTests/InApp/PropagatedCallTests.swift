import Testing

@testable import Correlation

struct PropagatedCallTests {
  @Test func `a call with the request id of a request of its pod belongs to it`() {
    let links = AppMatcher().match(
      hops(
        """
        1 server web 0 +100 shop id=7
        2 server web 5 +100 shop id=8
        3 client web 10 +20 geo id=7
        4 client web 11 +20 geo id=7
        5 client web 12 +20 geo id=8
        """))
    #expect(links.map(\.server) == [1, 1, 2])
    #expect(links.allSatisfy { $0.confidence == 1 && $0.evidence == .requestID })
  }

  @Test func `where request ids differ the trace id links`() {
    let links = AppMatcher().match(
      hops(
        """
        1 server web 0 +100 shop id=7 trace=70
        2 server web 5 +100 shop id=8 trace=80
        3 client web 10 +20 geo id=9 trace=80
        """))
    #expect(links.map(\.server) == [2])
    #expect(links.first?.evidence == .traceID)
  }

  @Test func `an id links only within a pod`() {
    let found = parents(
      hops(
        """
        1 server api 0 +100 shop id=7
        2 client web 10 +20 geo id=7
        """))
    #expect(found.isEmpty)
  }

  @Test func `an id does not link a call that started after its request ended`() {
    let found = parents(
      hops(
        """
        1 server web 0 +100 shop id=7
        2 client web 110 +20 geo id=7
        """))
    #expect(found.isEmpty)
  }

  @Test func `a pod that calls its own service does not take the far end of a leg for the cause`() {
    let found = parents(
      hops(
        """
        1 server web 0 +100 web id=7
        2 client web 10 +50 web id=7
        3 server web 12 +40 web id=7
        """))
    #expect(found == [2: 1])
  }

  @Test func `where an id names several requests of a pod times decide among these`() {
    var lines: [String] = []
    for number in 0..<60 {
      let start = number * 1000
      lines.append("\(number * 10) server web \(start) +400 shop id=\(number + 1)")
      lines.append("\(number * 10 + 1) server web \(start + 200) +400 shop id=\(number + 1)")
      lines.append("\(number * 10 + 2) server web \(start + 240) +400 shop id=999")
      lines.append("\(number * 10 + 3) client web \(start + 250) +140 geo id=\(number + 1)")
      lines.append("\(number * 10 + 4) client web \(start + 50) +340 geo id=\(number + 1)")
    }
    let links = AppMatcher().match(hops(lines.joined(separator: "\n")))
    #expect(
      links.filter { $0.client % 10 == 4 }.allSatisfy { $0.server == $0.client - 4 && $0.confidence == 1 })
    let several = links.filter { $0.client % 10 == 3 }
    #expect(several.allSatisfy { $0.server == $0.client - 2 && $0.evidence == [.requestID, .time] })
  }

  @Test func `where ids are passed on, a call whose id names no request has lost it and is not adopted`() {
    let found = parents(
      hops(
        """
        1 server web 0 +100 shop id=7
        2 client web 10 +20 geo id=7
        3 client web 20 +20 geo id=7
        4 client web 30 +20 geo id=99
        """))
    #expect(found == [2: 1, 3: 1])
  }
}
