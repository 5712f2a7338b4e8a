import AccessLog
import Testing

@testable import Correlation

@Suite struct `Requests whose ids are rewritten` {
  @Test func `are paired by the pattern in time of their whole connection`() {
    var mesh = Anonymous()
    mesh.run()
    let told = told(mesh.lines)
    #expect(told.parents == mesh.parents)
    #expect(told.carriers == mesh.carriers)
    #expect(told[1]?.carriers.first?.evidence.names == ["address", "sequence", "time"])
  }

  @Test(arguments: [(-310.0, 40.0), (1500, -60), (60_000, 0)])
  func `are paired though the clocks are apart and drift`(offset: Double, drift: Double) {
    var mesh = Anonymous(offset: offset, drift: drift, seed: 5)
    mesh.run()
    let told = told(mesh.lines)
    #expect(told.parents == mesh.parents)
    let clock = told.result.clocks.first
    #expect(abs((clock?.offset ?? 0) / 1000 - offset) < 5)
  }

  /// Comparing everything with everything has a budget of steps; what it leaves out is said, and nothing is claimed.
  @Test func `are left undecided where to know the clocks would take too long`() {
    var mesh = Anonymous(seed: 5)
    mesh.run()
    let hops = Story(mesh.lines).hops
    #expect(LegMatcher().match(hops).outcomes.allSatisfy { !$0.isUndecided })
    let cut = LegMatcher(clockSteps: 1000).match(hops).outcomes
    let servers = Set(hops.filter { $0.role == .server }.map(\.id))
    #expect(cut.filter { servers.contains($0.hop) }.allSatisfy { $0.isUndecided && $0.parent == nil })
  }

  @Test func `are paired over short connections, too`() {
    var mesh = Anonymous(connections: 60, requests: 6, apart: 900, seed: 4)
    mesh.run()
    #expect(told(mesh.lines).parents == mesh.parents)
  }

  @Test func `are paired though a client's port came back for another connection`() {
    var mesh = Anonymous(connections: 12, requests: 20, apart: 5000, seed: 6)
    mesh.run()
    var lines = mesh.lines
    // The last connection has the first one's port, a minute later.
    for place in lines.indices where lines[place].upstreamLocal == "sleep:40011" {
      lines[place].upstreamLocal = "sleep:40000"
    }
    #expect(told(lines).parents == mesh.parents)
  }

  @Test(arguments: [0.0, 2000])
  func `are paired though delays differ by a tenth of a second`(offset: Double) {
    var mesh = Anonymous(offset: offset, seed: 7, jitter: 100, same: false)
    mesh.run()
    #expect(told(mesh.lines).parents == mesh.parents)
  }

  @Test func `are not called sure where one connection carries alike ones at once`() {
    var lines: [Line] = []
    var dice = Dice(state: 8)
    var begin = 0.0
    for _ in 0..<100 {
      begin += Double(dice.roll(100..<500))
      // Two requests a millisecond apart, whose delays differ by more.
      for place in 0..<2 {
        let start = begin + Double(place)
        let there = 4 + Double(dice.roll(0..<6))
        let work = Double(dice.roll(20..<30))
        lines.append(client("sleep", at: start, for: there + work + 5 + Double(dice.roll(0..<6))))
        lines.append(server("web", at: start + there, for: work, id: UInt64(lines.count), http: 2))
      }
    }
    lines.append(proxy(at: -10, for: 60_000))
    let told = told(lines)
    let servers = lines.indices.filter { lines[$0].hop.role == .server }
    let right = servers.filter { told.parents[$0] == $0 - 1 }
    let meant = servers.reduce(0.0) { $0 + (told[$1]?.parent?.confidence ?? 0) }
    #expect((100..<198).contains(right.count))
    #expect(abs(meant - Double(right.count)) < 20)
    // The connection itself is sure.
    #expect(servers.allSatisfy { (told[$0 - 1]?.carriers.first?.confidence ?? 0) > 0.99 })
  }

  @Test func `are paired by what they ask for where that differs`() {
    var mesh = Anonymous(connections: 4, requests: 12, seed: 9, same: false)
    mesh.run()
    #expect(told(mesh.lines).parents == mesh.parents)
  }

  @Test func `stay alone where the other end's connection is not there`() {
    var mesh = Anonymous(seed: 3)
    mesh.run()
    // All that the first connection's server logged is lost, and its proxy's line.
    let kept = mesh.lines.filter { line in
      line.downstreamRemote != "gate:5000" && line.upstreamLocal != "gate:5000"
    }
    let told = told(kept)
    let alone = kept.indices.filter { kept[$0].upstreamLocal == "sleep:40000" }
    #expect(alone.count == 30)
    #expect(alone.allSatisfy { told.carriers[$0] == nil && !told.parents.values.contains($0) })
    #expect(told.parents.count == mesh.parents.count - 30)
  }

  @Test func `are not paired with hops that ids have already given to others`() {
    // Ids work in this pod: a server hop whose id nobody has lost its client line, and is nobody else's.
    var lines: [Line] = []
    for number in 0..<30 {
      let start = Double(number) * 200
      lines.append(client("sleep", at: start, for: 49, id: UInt64(number + 1)))
      lines.append(server("web", at: start + 4, for: 40, id: UInt64(number + 1)))
    }
    lines.append(client("cat", at: 50, for: 49, id: 900))
    lines.append(server("web", at: 54, for: 40, id: 901, from: "gate:5001"))
    #expect(told(lines).parents[61] == nil)
  }
}

@Suite struct `The order of the lines` {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `changes nothing`(seed: UInt64) {
    var mesh = Anonymous(connections: 5, requests: 12, offset: 90, seed: 11)
    mesh.run()
    let story = Story(mesh.lines)
    var dice = Dice(state: seed)
    let shuffled = story.told(dice.shuffled(story.hops)).result
    let straight = story.told().result
    #expect(shuffled.outcomes.map(Answer.init) == straight.outcomes.map(Answer.init))
    #expect(shuffled.clocks == straight.clocks)
  }
}

/// An outcome as a value that can be compared.
private struct Answer: Equatable {
  var hop, root: Int64
  var parent: Int64?
  var carriers: [Int64]
  var confidence: [Double]
  var status: CarrierStatus

  init(_ outcome: HopOutcome) {
    (hop, root, parent) = (outcome.hop, outcome.traceRoot, outcome.parent?.target)
    carriers = outcome.carriers.map(\.target)
    confidence = ([outcome.parent].compactMap { $0 } + outcome.carriers).map(\.confidence)
    status = outcome.carrierStatus
  }
}
