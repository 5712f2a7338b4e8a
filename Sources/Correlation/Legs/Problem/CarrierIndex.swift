internal import AccessLog

/// Carriers by service and time, found by the time in which something ran.
struct CarrierIndex {
  private let table: HopTable
  /// Hop positions by (service, start).
  let carriers: [Int32]
  /// By place: the latest end among the carriers of the service up to here.
  private var latest: [Int64] = []
  private var spans: [Int32: ClosedRange<Int64>] = [:]

  init(_ table: HopTable, _ unordered: [Int32]) {
    self.table = table
    carriers = unordered.sorted {
      (table[$0].service, table[$0].start, $0) < (table[$1].service, table[$1].start, $1)
    }
    latest.reserveCapacity(carriers.count)
    for (place, carrier) in carriers.enumerated() {
      let same = place > 0 && table[carriers[place - 1]].service == table[carrier].service
      latest.append(max(table[carrier].latestEnd, same ? latest[place - 1] : .min))
      let (cluster, life) = (table[carrier].meshCluster, table[carrier].start...table[carrier].latestEnd)
      let known = spans[cluster] ?? life
      spans[cluster] = min(known.lowerBound, life.lowerBound)...max(known.upperBound, life.upperBound)
    }
  }

  /// Carriers that are looked at to find those alive: of millions that never end only the latest may be found.
  private static let scanLimit = 4_096

  /// From the first start of a mesh cluster's carriers to the last end; nil where there are none. Microseconds on its clock.
  func span(ofCluster cluster: Int32) -> ClosedRange<Int64>? { spans[cluster] }

  /// Places of the service's carriers that lived at some time from `from` to `to`, the latest start first; at most
  /// `limit` of them, of those that `fits` says yes to.
  func alive(
    _ service: Int32, from: Int64, to: Int64, limit: Int, where fits: (Hop) -> Bool = { _ in true }
  ) -> [Int] {
    let end = carriers.partitioningIndex { (table[$0].service, table[$0].start) > (service, to) }
    var found: [Int] = []
    for place in carriers[..<end].suffix(CarrierIndex.scanLimit).indices.reversed() {
      let carrier = table[carriers[place]]
      if carrier.service != service || latest[place] < from { break }
      if carrier.latestEnd < from || !fits(carrier) { continue }
      found.append(place)
      if found.count == limit { break }
    }
    return found
  }
}
