import Testing

@testable import Correlation

struct AppMatcherTests {
  @Test func `a call inside the only open request belongs to it`() {
    let links = AppMatcher().match(
      hops(
        """
        1 server web 0 +100 shop
        2 client web 10 +20 geo
        """))
    #expect(links.map(\.server) == [1])
    #expect(links.first?.evidence == .time)
  }

  @Test func `a call that no request was open around has no parent`() {
    let links = AppMatcher().match(
      hops(
        """
        1 server web 0 +100 shop
        2 client web 10 +20 geo
        3 client web 200 +20 geo
        """))
    #expect(links.map(\.server) == [1, nil])
    #expect(links.map(\.client) == [2, 3])
  }

  @Test func `a pod without requests has calls without parents`() {
    let links = AppMatcher().match(hops("1 client web 0 +10 geo"))
    #expect(links.map(\.server) == [nil])
  }

  @Test func `requests of another pod are no parents`() {
    let found = parents(
      hops(
        """
        1 server web2 0 +100 shop
        2 server web 200 +100 shop
        3 client web 10 +20 geo
        """))
    #expect(found.isEmpty)
  }

  @Test func `proxies take no part`() {
    let links = AppMatcher().match(
      hops(
        """
        1 server web 0 +100 shop
        2 proxy web 10 +20 geo
        """))
    #expect(links.isEmpty)
  }

  @Test(arguments: [(-2, false), (1, true), (2, false)])
  func `truncated times let a call end up to one millisecond after its request`(late: Int, fits: Bool) {
    // At -2 the call starts before the request does.
    let start = late < 0 ? -1 : 10
    let found = parents(
      hops(
        """
        1 server web 0 +100 shop
        2 client web \(start) +\(100 + late - start) geo
        """))
    #expect((found == [2: 1]) == fits)
  }

  @Test func `calls may outlive a request that its caller cut off`() {
    let found = parents(
      hops(
        """
        1 server web 0 +100 shop cut
        2 client web 10 +200 geo
        """))
    #expect(found == [2: 1])
  }

  @Test func `calls that outlive their requests as a rule still belong to them`() {
    var lines: [String] = []
    for number in 0..<50 {
      let start = number * 500
      lines.append("\(number * 10) server web \(start) +20 shop")
      lines.append("\(number * 10 + 1) client web \(start + 5) +200 geo")
    }
    let found = parents(hops(lines.joined(separator: "\n")))
    #expect(found.count == 50)
  }

  @Test func `parallel calls of one request to one callee both belong to it`() {
    let found = parents(
      hops(
        """
        1 server web 0 +100 shop
        2 client web 10 +50 geo
        3 client web 11 +60 geo
        """))
    #expect(found == [2: 1, 3: 1])
  }

  @Test func `what follows what, and how soon, tells overlapping requests apart`() {
    let pod = BusyPod(requests: 400, seed: 1)
    #expect(pod.shareRight(parents(pod.hops)) > 0.97)
  }

  @Test func `calls of requests whose line is lost are seldom adopted by their neighbours`() {
    var pod = BusyPod(requests: 400, seed: 2)
    let lost = Set((0..<20).map { Int64($0 * 200) })
    pod.hops.removeAll { lost.contains($0.id) }
    let found = parents(pod.hops)
    let adopted = pod.truth.filter { lost.contains($0.value) && found[$0.key] != nil }
    #expect(adopted.count <= 8)
    #expect(pod.shareRight(found) > 0.96)
  }

  @Test func `a given id settles its call, and times the others`() {
    var pod = BusyPod(requests: 200, seed: 3)
    for index in pod.hops.indices where (pod.hops[index].id / 10) % 3 == 0 {
      pod.hops[index].requestID = WideKey(high: 1, low: UInt64(pod.hops[index].id / 10 + 1))
    }
    let links = AppMatcher().match(pod.hops)
    let byID = links.filter { $0.evidence == .requestID }
    #expect(byID.count == 134)
    #expect(byID.allSatisfy { pod.truth[$0.client] == $0.server })
    #expect(pod.shareRight(parents(pod.hops)) > 0.97)
  }

  @Test func `of the links given about 0.9 or more nearly all are right, and confidence is a probability`() {
    let pod = BusyPod(requests: 400, seed: 4)
    let links = AppMatcher().match(pod.hops).filter { $0.server != nil }
    #expect(links.allSatisfy { $0.confidence > 0 && $0.confidence <= 1 })
    #expect(links.allSatisfy { $0.margin >= 0 && $0.margin <= $0.confidence })
    let expected = links.reduce(0) { $0 + $1.confidence }
    let right = links.filter { pod.truth[$0.client] == $0.server }
    #expect(abs(expected - Double(right.count)) / Double(links.count) < 0.02)
  }

  @Test(arguments: 1...3)
  func `the answer does not depend on the order of the hops, nor on how pods are numbered`(seed: UInt64) {
    let pod = BusyPod(requests: 100, seed: 5)
    let expected = AppMatcher().match(pod.hops)
    var dice = Dice(state: seed)
    var shuffled = dice.shuffled(pod.hops)
    for index in shuffled.indices {
      shuffled[index].pod += 5
      shuffled[index].service = 7 - shuffled[index].service
    }
    #expect(AppMatcher().match(shuffled) == expected)
  }
}
