import Correlation
import Testing

@testable import TraceStore

/// Hops name their pods and workloads by numbers, in the order of names that nobody keeps.
@Suite struct `Numbers of pods and workloads` {
  private static func hop(_ log: String, _ number: Int64) -> TestHop {
    var hop = TestHop()
    hop.source = log
    hop.start += number * 1000
    hop.service = "service-\(log.prefix(4)).svc"
    return hop
  }

  /// Two logs of one pod, and pods of one workload.
  private static let logs = [
    "ack2.default.sleep-x.istio-proxy.log", "ack1.default.sleep-b.istio-proxy.log",
    "ack1.default.sleep-b.app.log", "ack1.default.sleep-a.istio-proxy.log", "ack1.a.web-1.istio-proxy.log",
  ]

  private static func numbers(_ hops: [Hop]) -> [[Int32]] {
    hops.sorted { $0.start < $1.start }.map { [$0.pod, $0.workload, $0.meshCluster, $0.service] }
  }

  @Test func `are in the order of names, one for all logs of a pod`() throws {
    let store = try ScratchStore()
    try store.store(Self.logs.enumerated().map { Self.hop($1, Int64($0)) })
    let loaded = try store.read { try $0.loadHops() }
    #expect(
      Self.numbers(loaded.hops) == [
        [3, 2, 1, 1], [2, 1, 0, 0], [2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0],
      ])
    // The first log of each pod: of the two of sleep-b that of app, whose text comes first.
    #expect(loaded.podSources == [5, 4, 3, 1])
  }

  @Test func `are made anew when other names come in between`() throws {
    let store = try ScratchStore()
    try store.store(Self.logs.prefix(2).enumerated().map { Self.hop($1, Int64($0)) })
    try store.read { reader in
      let feed = try HopFeed(reader)
      var before: [Hop] = []
      try feed.append(startingIn: .min / 2 ... .max / 2, to: &before)
      #expect(try !feed.refresh().changesAny)
      try store.store(Self.logs.enumerated().map { Self.hop($1, Int64($0)) })
      let renumbering = try feed.refresh()
      #expect(renumbering.changesAny)
      for place in before.indices { renumbering.apply(to: &before[place]) }
      var after: [Hop] = []
      try feed.append(startingIn: .min / 2 ... .max / 2, to: &after)
      #expect(after.count == 5)
      #expect(Self.numbers(before) == Array(Self.numbers(after).prefix(2)))
      #expect(Self.numbers(after) == Self.numbers(try store.read { try $0.loadHops() }.hops))
    }
  }
}
