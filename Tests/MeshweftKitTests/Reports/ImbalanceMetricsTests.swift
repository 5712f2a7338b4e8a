import Testing

@testable import MeshweftKit

@Suite("Metrics of imbalance")
struct ImbalanceMetricsTests {
  private func isClose(_ value: Double?, _ expected: Double, within tolerance: Double = 0.0005) -> Bool {
    value.map { abs($0 - expected) <= tolerance } ?? false
  }

  @Test func `the published case of two pods`() {
    // 11 659 and 19 837 requests: mean 15 748; max/mean 19 837 / 15 748 = 1.2597; s = (19 837 − 11 659) / 2 = 4 089,
    // CV 4 089 / 15 748 = 0.2597; p = 0.3702 and 0.6298, Σp² = 0.5337, effective 1.8737; Jain 1.8737 / 2 = 0.9368;
    // Gini (19 837 − 11 659) / (2 · 31 496) = 0.1298; noise √(1 / 31 496) = 0.0056.
    let metrics = ImbalanceMetrics([11_659, 19_837], choices: 31_496)
    #expect(isClose(metrics.maxOverMean, 1.2597))
    #expect(isClose(metrics.cv, 0.2597))
    #expect(isClose(metrics.effectiveHosts, 1.8737))
    #expect(isClose(metrics.topShare, 0.6298))
    #expect(isClose(metrics.jain, 0.9368))
    #expect(isClose(metrics.gini, 0.1298))
    #expect(isClose(metrics.noiseCV, 0.0056))
    #expect(metrics.isUneven)
  }

  @Test func `three hosts, worked out by hand`() {
    // 2, 4, 6: mean 4, variance (4 + 0 + 4) / 3 = 2.6667, s 1.6330, CV 0.4082; Σx² = 56, effective 144 / 56 = 2.5714,
    // Jain 0.8571; Gini: Σᵢⱼ|xᵢ − xⱼ| = 2 · (2 + 4 + 2) = 16, / (2 · 9 · 4) = 0.2222.
    let metrics = ImbalanceMetrics([4, 2, 6], choices: 12)
    #expect(isClose(metrics.maxOverMean, 1.5))
    #expect(isClose(metrics.cv, 0.4082))
    #expect(isClose(metrics.effectiveHosts, 2.5714))
    #expect(isClose(metrics.jain, 0.8571))
    #expect(isClose(metrics.gini, 0.2222))
    #expect(isClose(metrics.noiseCV, 0.4082))
    #expect(!metrics.isSignificant && !metrics.couldTell)
  }

  @Test func `even hosts are even, one host and none are neither`() {
    let even = ImbalanceMetrics([5000, 5000, 5000], choices: 15_000)
    #expect(even.cv == 0 && even.gini == 0 && even.jain == 1 && even.effectiveHosts == 3)
    #expect(!even.isUneven && even.couldTell)
    #expect(!ImbalanceMetrics([70], choices: 70).couldTell)
    let none = ImbalanceMetrics([], choices: 0)
    #expect(none.maxOverMean == 0 && none.total == 0 && !none.isUneven)
  }

  @Test func `what even choices give by chance is not called uneven`() {
    // 400 rounds of 1000 even choices over four hosts; one in a thousand rounds may pass for uneven.
    var state: UInt64 = 7
    var uneven = 0
    for _ in 0..<400 {
      var counts = [Double](repeating: 0, count: 4)
      for _ in 0..<1000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        counts[Int(state >> 62)] += 1
      }
      if ImbalanceMetrics(counts, choices: 1000).isSignificant { uneven += 1 }
    }
    #expect(uneven <= 3)
  }
}
