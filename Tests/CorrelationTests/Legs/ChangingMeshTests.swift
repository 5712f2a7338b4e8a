import AccessLog
import Testing

@testable import Correlation

@Suite struct `Requests whose ids are rewritten while the mesh changes` {
  /// A few go to another mesh cluster in the end, while most still go to the first: its clock stands out of what is left over
  /// only when those are known.
  @Test(arguments: [0.0, 2500, -45_000])
  func `are paired though some go over to another mesh cluster`(offset: Double) {
    var first = Anonymous(connections: 40, requests: 90, seed: 21)
    first.run()
    var second = Anonymous(connections: 3, requests: 20, offset: offset, seed: 22)
    (second.called, second.gate, second.begin, second.port) = ("ack3", "gate3", 14_000, 50_000)
    second.run()
    let told = told(first.lines + second.lines)
    var parents = first.parents
    let moved = first.lines.count
    for (server, client) in second.parents { parents[server + moved] = client + moved }
    #expect(told.parents == parents)
    #expect(told.result.clocks.count == 2)
  }

  /// The clock is measured where both clusters have lines, however small a part of the time that is.
  @Test(arguments: [0.0, 30_000])
  func `are paired though the servers' logs begin near the end`(offset: Double) {
    var mesh = Anonymous(connections: 12, requests: 100, offset: offset, seed: 23, same: false)
    mesh.run()
    let last = mesh.lines.filter { $0.hop.role == .client }.map(\.hop.start).max() ?? 0
    let begin = last - 4_000_000 + Int64(offset) * 1000
    let kept = mesh.lines.indices.filter { place in
      let line = mesh.lines[place].hop
      return line.role == .client || line.start + line.duration >= begin
    }
    let told = told(kept.map { mesh.lines[$0] })
    let asked = kept.indices.filter { mesh.lines[kept[$0]].hop.role == .server }
    let answered = asked.filter { told.parents[$0] != nil }
    #expect(asked.count > 100)
    // Connections of which a request or two are left prove nothing.
    #expect(answered.count * 20 >= asked.count * 19)
    #expect(answered.allSatisfy { told.parents[$0].map { kept[$0] } == mesh.parents[kept[$0]] })
  }

  @Test func `are paired though ports come back again and again`() {
    var mesh = Anonymous(connections: 40, requests: 20, apart: 2500, seed: 24)
    (mesh.clientPorts, mesh.gatePorts) = (4, 5)
    mesh.run()
    let told = told(mesh.lines)
    #expect(told.parents == mesh.parents)
    #expect(told.carriers == mesh.carriers)
  }

  /// Neighbours of an hour ago are as far off as the clocks have drifted apart since.
  @Test(arguments: [200.0, -200, 20, 450])
  func `are paired though one a minute comes and clocks drift`(drift: Double) {
    var mesh = Anonymous(connections: 70, requests: 1, apart: 60_000, offset: 1500, seed: 25, same: false)
    mesh.drift = drift
    mesh.run()
    let parents = told(mesh.lines).parents
    #expect(parents == mesh.parents)
  }

  /// Delays of one request have nothing in common with those of others: its evidence counts nearly in full.
  @Test func `are as sure as they are right where each has a connection of its own`() {
    var (right, meant, sure) = (0.0, 0.0, 0)
    var all = 0
    for seed in 30..<34 {
      var mesh = Anonymous(
        connections: 400, requests: 1, apart: 30, seed: UInt64(seed), jitter: 3, same: false)
      mesh.run()
      let told = told(mesh.lines)
      all += mesh.parents.count
      for outcome in told.parents { right += mesh.parents[outcome.key] == outcome.value ? 1 : 0 }
      for place in mesh.parents.keys {
        guard let parent = told[place]?.parent else { continue }
        meant += parent.confidence
        sure += parent.confidence >= 0.99 ? 1 : 0
      }
    }
    #expect(right > 0.95 * Double(all))
    #expect(abs(right - meant) < 0.01 * Double(all))
    #expect(sure > all / 2)
  }
}
