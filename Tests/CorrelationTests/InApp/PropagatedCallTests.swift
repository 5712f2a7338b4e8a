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

  @Test func `of several requests with the id the one that started last is the cause, with less confidence`()
  {
    let links = AppMatcher().match(
      hops(
        """
        1 server web 0 +100 shop id=7
        2 server web 20 +50 shop id=7
        3 client web 30 +20 geo id=7
        """))
    #expect(links.first?.server == 2)
    #expect(links.first?.confidence == 0.5)
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
