internal import AccessLog

/// Which mesh clusters come into question for the other ends of one's requests: all where they are few, else those with
/// most hops of the services that are called.
///
/// Every pair of mesh clusters costs some milliseconds until their clocks are known, so that thousands of them must not
/// be compared each with each.
struct PartnerClusters {
  /// In ascending order.
  private let all: [Int32]
  /// By service: the clusters with most hops of it, and how many.
  private var ranked: [Int32: [(cluster: Int32, hops: Int)]] = [:]

  /// Whether some are left out.
  var areCut: Bool { all.count > CorrelationLimits.partnerClusters }

  /// - Parameters:
  ///   - clusters: all, in ascending order.
  ///   - hops: (service, mesh cluster) of the other ends.
  init(_ clusters: [Int32], _ hops: @autoclosure () -> [(service: Int32, cluster: Int32)]) {
    all = clusters
    guard areCut else { return }
    var counts: [Int32: [Int32: Int]] = [:]
    for hop in hops() { counts[hop.service, default: [:]][hop.cluster, default: 0] += 1 }
    ranked = counts.mapValues { PartnerClusters.most($0) }
  }

  /// The clusters to compare with, in ascending order. `services`: that are called, each once.
  func of(services: Set<Int32>) -> [Int32] {
    guard areCut else { return all }
    var sums: [Int32: Int] = [:]
    for service in services {
      for entry in ranked[service] ?? [] { sums[entry.cluster, default: 0] += entry.hops }
    }
    return PartnerClusters.most(sums).map(\.cluster).sorted()
  }

  private static func most(_ counts: [Int32: Int]) -> [(cluster: Int32, hops: Int)] {
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(CorrelationLimits.partnerClusters).map { ($0.key, $0.value) }
  }
}
