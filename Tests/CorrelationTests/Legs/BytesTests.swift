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

@Suite struct `Clocks where no server logged anything` {
  @Test(arguments: [1500.0, -310, 60_000])
  func `are found from when connections begin and end`(offset: Double) {
    let (lines, carriers) = connections(60, seed: 8)
    let skewed = lines.map { line in
      var line = line
      if line.hop.role == .proxy { line.hop.start += Int64(offset * 1000) }
      return line
    }
    let told = told(skewed)
    // Connections end some time after their last request: the estimate is of what lies in between, too.
    #expect(abs((told.result.clocks.first?.offset ?? 0) / 1000 - offset) < 50)
    #expect(told.carriers.allSatisfy { carriers[$0.key] == $0.value })
    #expect(told.carriers.count * 10 >= carriers.count * 9)
  }

  @Test func `are not made up, and without them nothing is linked`() {
    let told = told([client("sleep", at: 0, for: 49), proxy(at: -10, for: 3000)])
    #expect(told.result.clocks.isEmpty && told.carriers.isEmpty)
    #expect(told.status(0) == .unknown, "there is a carrier that may be it")
  }
}
