internal import AccessLog

/// Connections by a key (an address, a service), to be found by what they held.
struct TunnelIndex {
  /// Places by key, ascending by start; those that lasted long stand apart, so that short ones do not hide them.
  private var short: [Int64: [Int]] = [:]
  private var long: [Int64: [Int]] = [:]
  private let hops: [Hop]

  /// Of either kind so many are looked at, from the latest start back.
  private static let compared = 64
  /// Microseconds.
  private static let longest: Int64 = 15_000_000
  /// Microseconds by which a request may seem to lie outside its connection while clocks agree.
  private static let precise: Int64 = 5_000

  init(_ places: [Int], _ hops: [Hop], key: (Int) -> Int64) {
    self.hops = hops
    for place in places where key(place) != 0 {
      if hops[place].duration >= TunnelIndex.longest {
        long[key(place), default: []].append(place)
      } else {
        short[key(place), default: []].append(place)
      }
    }
    for key in short.keys { sort(&short[key]) }
    for key in long.keys { sort(&long[key]) }
  }

  private func sort(_ places: inout [Int]?) {
    places?.sort { (hops[$0].start, $0) < (hops[$1].start, $1) }
  }

  /// Connections with a key that `fits` and that held a request's time: precisely, or within what clocks may differ by where
  /// none does.
  func holding(_ key: Int64, _ request: Hop, fits: (Int) -> Bool) -> [Int] {
    let precise = found(key, request, miss: TunnelIndex.precise, fits)
    return precise.isEmpty ? found(key, request, miss: AddressJoin.slack, fits) : precise
  }

  /// Those that miss the request's time by so much at most. Where very many may, they are those that were opened last: when the
  /// miss is small, none that were opened after the request stand before those that were open.
  private func found(_ key: Int64, _ request: Hop, miss most: Int64, _ fits: (Int) -> Bool) -> [Int] {
    var found: [Int] = []
    for list in [short[key], long[key]] {
      guard let list else { continue }
      let end = list.partitioningIndex { hops[$0].start > request.start + most }
      for place in list[..<end].suffix(TunnelIndex.compared) where fits(place) {
        let miss = max(0, hops[place].start - request.start, request.end - hops[place].latestEnd)
        if miss <= most { found.append(place) }
      }
    }
    return found
  }
}
