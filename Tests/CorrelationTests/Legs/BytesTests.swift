import AccessLog
import Testing

@testable import Correlation

/// Connections of which only clients and proxies logged anything: nothing but bytes and times tells them apart.
///
/// Each carries some requests; on the wire a request costs its text, its bodies and some hundred bytes more, and the
/// handshake has one of two sizes.
private func connections(_ count: Int, seed: UInt64) -> (lines: [Line], carriers: [Int: Int]) {
  var dice = Dice(state: seed)
  var lines: [Line] = []
  var carriers: [Int: Int] = [:]
  for connection in 0..<count {
    let opened = Double(dice.roll(0..<60_000))
    var start = opened + 15
    var (up, down) = (dice.roll(0..<2) == 0 ? Int64(3500) : 5400, Int64(5100))
    var members: [Int] = []
    for _ in 0..<dice.roll(10..<40) {
      let (sent, received) = (dice.roll(50..<900), dice.roll(0..<600))
      let length = Double(dice.roll(15..<90))
      members.append(lines.count)
      lines.append(
        client(
          "sleep", at: start, for: length, from: "sleep:\(40_000 + connection)", sent: sent,
          received: received))
      up += received + 40 + 1011
      down += sent + 972
      start += length + Double(dice.roll(20..<200))
    }
    for member in members { carriers[member] = lines.count }
    lines.append(
      proxy(
        at: opened, for: start - opened + 3010, from: "nat:\(700 + connection)",
        as: "gate:\(5000 + connection)",
        sent: down, received: up))
  }
  return (lines, carriers)
}

@Suite struct `Carriers where no server logged anything` {
  @Test func `are found by bytes and times of whole connections`() {
    let (lines, carriers) = connections(40, seed: 4)
    let told = told(lines)
    let right = told.carriers.filter { carriers[$0.key] == $0.value }
    #expect(right.count == told.carriers.count, "none is wrong")
    #expect(right.count * 10 >= carriers.count * 9, "and most are found")
    #expect(told.evidence(0) == ["bytes", "time"])
  }

  @Test func `a connection whose carrier is not logged yet gets no other`() {
    let (lines, carriers) = connections(40, seed: 4)
    let lost = carriers[0] ?? -1
    let kept = lines.indices.filter { $0 != lost }
    let told = told(kept.map { lines[$0] })
    let alone = kept.indices.filter { carriers[kept[$0]] == lost }
    #expect(alone.count >= 10)
    #expect(alone.allSatisfy { told.carriers[$0] == nil })
  }
}

/// Connections in both directions between two mesh clusters, few of them, all called at once when they are opened and closed by
/// the same timeout: a clock that is wrong by the timeout explains their ends as well.
private func callsBothWays(_ count: Int, timeout: Double, offset: Double, seed: UInt64) -> (
  lines: [Line], carriers: [Int: Int]
) {
  var dice = Dice(state: seed)
  var lines: [Line] = []
  var carriers: [Int: Int] = [:]
  for connection in 0..<count {
    let isBack = connection % 3 == 2
    let (from, to) = isBack ? ("ack2", "ack1") : ("ack1", "ack2")
    let (clientAhead, proxyAhead) = isBack ? (offset, 0) : (0, offset)
    let opened = Double(dice.roll(0..<9_000))
    var start = opened + 11
    var (up, down) = (Int64(3500), Int64(5100))
    var members: [Int] = []
    for _ in 0..<dice.roll(3..<40) {
      let (sent, received) = (dice.roll(50..<900), dice.roll(0..<600))
      let length = Double(dice.roll(15..<90))
      members.append(lines.count)
      lines.append(
        client(
          isBack ? "web" : "sleep", at: start + clientAhead, for: length,
          from: "\(from):\(40_000 + connection)", to: "eip-\(to):15443", service: isBack ? "books" : "shop",
          in: from, sent: sent, received: received))
      up += received + 40 + 1011
      down += sent + 972
      start += length + Double(dice.roll(20..<200))
    }
    for member in members { carriers[member] = lines.count }
    lines.append(
      proxy(
        "gate-\(to)", at: opened + proxyAhead, for: start - opened + timeout, from: "nat:\(700 + connection)",
        as: "gate-\(to):\(5000 + connection)", service: isBack ? "books" : "shop", in: to, sent: down,
        received: up))
  }
  return (lines, carriers)
}

extension `Carriers where no server logged anything` {
  @Test(arguments: [0.0, 1800, -40_000], [5005.0, 8004])
  func `are found where few connections all end by one timeout`(offset: Double, timeout: Double) {
    let (lines, carriers) = callsBothWays(30, timeout: timeout, offset: offset, seed: 6)
    let told = told(lines)
    let right = told.carriers.filter { carriers[$0.key] == $0.value }
    #expect(right.count == told.carriers.count, "none is wrong")
    #expect(right.count * 100 >= carriers.count * 95)
    let clock = told.result.clocks.first { $0.clientCluster != $0.serverCluster }
    #expect(abs(abs(clock?.offset ?? .infinity) - abs(offset) * 1000) < 30_000)
  }

  @Test func `are not invented where those that are right are missing`() {
    // Carriers of connections that other clients had, at other times.
    let (lines, carriers) = callsBothWays(30, timeout: 5005, offset: 0, seed: 6)
    let (others, strange) = callsBothWays(30, timeout: 5005, offset: 0, seed: 77)
    let kept = lines.indices.filter { carriers[$0] != nil }
    let proxies = Set(strange.values)
    let mixed = kept.map { lines[$0] } + proxies.sorted().map { others[$0] }
    let told = told(mixed)
    let sure = told.result.outcomes.flatMap(\.carriers).count { $0.confidence >= 0.9 }
    #expect(sure == 0)
  }
}

@Suite struct `What connections teach` {
  @Test func `a carrier is not its own witness`() {
    // One carrier far from all others: what it teaches itself does not count for it.
    let samples = (0..<40).map { ByteModel.Sample(remainder: 4_000 + Double($0 % 3), requests: 1, weight: 1) }
    let lonely = ByteModel.Sample(remainder: 30_000, requests: 1, weight: 1)
    let model = ByteModel(samples + [lonely])
    let own = model.evidence(remainder: 30_000, requests: 1, told: 0, own: 1)
    let foreign = model.evidence(remainder: 30_000, requests: 1, told: 0, own: nil)
    #expect(own <= 0 && own < foreign)
    #expect(model.evidence(remainder: 4_001, requests: 1, told: 0, own: 1) > -0.1)
  }

  @Test func `a timeout is where most ends are, whatever else there is`() throws {
    var model = TimeoutModel()
    for place in 0..<20 { model.add(Double(place * 311_000), weight: 1) }
    for place in 0..<10 { model.add(5_003_000 + Double(place) * 400, weight: 1) }
    model.freeze()
    let there = try #require(model.logDensity(5_004_000, without: 1))
    #expect(abs(there - Logarithm.natural(0.98 * 9 / 29 / 20_000)) < 0.05)
    #expect(model.logDensity(2_000_000, without: 1) == nil)
    var alone = TimeoutModel()
    alone.add(3_000_000, weight: 1)
    alone.freeze()
    #expect(alone.logDensity(3_000_000, without: 1) == nil)
  }
}
