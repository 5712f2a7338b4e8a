import Testing

@testable import Correlation

/// Mesh clusters of which nobody knows which calls which.
@Suite struct `Many mesh clusters` {
  /// Ten calls of each cluster, answered in the next one; all alike, and through a NAT.
  private func lines(clusters: Int) -> [Line] {
    (0..<clusters * 10).flatMap { number in
      let (cluster, place) = (number / 10, number % 10)
      let at = Double(number * 7 % 3000)
      return [
        client("a\(cluster)", at: at, for: 10, from: "a\(cluster):\(4000 + place % 3)", in: "c\(cluster)"),
        server(
          "b\(cluster)", at: at + 1, for: 8, from: "nat:\(5000 + place % 3)",
          in: "c\((cluster + 1) % clusters)"),
      ]
    }
  }

  /// Every pair of clusters was compared with the whole of time: some milliseconds for each, or minutes for these.
  @Test func `are not compared each with each, and what is left out is undecided`() {
    let outcomes = Correlator().correlate(Story(lines(clusters: 60)).hops).outcomes
    #expect(outcomes.contains { $0.isUndecided })
    #expect(outcomes.allSatisfy { !$0.isUndecided || $0.parent == nil })
  }

  @Test func `are all compared where they are few`() {
    let few = PartnerClusters([0, 1, 2], [])
    #expect(!few.areCut && few.of(services: []) == [0, 1, 2])
  }

  @Test func `are chosen by the hops of the services that are called`() {
    let hops = (0..<20).flatMap { cluster in
      (0...cluster).map { _ in (service: Int32(cluster % 2), cluster: Int32(cluster)) }
    }
    let many = PartnerClusters((0..<20).map { Int32($0) }, hops)
    #expect(many.areCut)
    #expect(many.of(services: [0]) == [4, 6, 8, 10, 12, 14, 16, 18])
    #expect(many.of(services: [0, 1]) == [12, 13, 14, 15, 16, 17, 18, 19])
    #expect(many.of(services: [7]) == [])
  }

  /// Clocks are kept of the pairs that are known, not of all.
  @Test func `cost memory by the pairs that call each other`() {
    var clocks = ClockTable(HopTable(Story(lines(clusters: 60)).hops))
    #expect(clocks.clusters.count == 60 && clocks.count == 0)
    clocks[3, 4].samples = 1
    #expect(clocks.count == 1 && clocks[3, 4].isKnown && !clocks[4, 3].isKnown)
    #expect(clocks.estimates().map(\.clientCluster) == [3])
  }
}

/// A histogram that is listed while it is small: see `ShareBins`.
@Suite struct `Bins of shares` {
  private struct Seen: Equatable {
    var place: Int
    var inside: Double
    var around: Double
  }

  private func windows(_ bins: ShareBins, _ window: Int) -> [Seen] {
    var seen: [Seen] = []
    bins.eachWindow(window, flank: 8 * window) { seen.append(Seen(place: $0, inside: $1, around: $2)) }
    return seen
  }

  @Test(arguments: [8, 24, 72])
  func `say the same to the last bit, listed or not`(window: Int) {
    var dice = Dice(state: 3)
    var listed = ShareBins(count: 5000)
    for _ in 0..<400 { listed.add(1 / Double(dice.roll(1..<90)), at: Int(dice.roll(0..<5000))) }
    var whole = listed
    // Nothing is added, but so often that it is no longer listed.
    for place in 0..<20_000 { whole.add(0, at: place % 5000) }
    #expect(windows(listed, window) == windows(whole, window))
    #expect(!windows(listed, window).isEmpty)
  }
}

/// Thousands of rows that all want the same columns.
@Suite struct `An assignment without differences` {
  @Test func `ends, and gives every column once`() {
    let scores = (0..<600).flatMap { row in
      (0..<30).map { column in (row: row, column: (row / 2 + column * 10) % 300, score: 1.0) }
    }
    let columns = Contest(rows: 600, columns: 300, scores).verdicts().map(\.column)
    #expect(Set(columns).count == columns.count)
    #expect(columns.count > 280)
  }
}
