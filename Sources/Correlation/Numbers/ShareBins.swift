/// A histogram of many bins of which few may hold anything: while they are few they are listed, and what is asked costs
/// by their number, not by that of all bins. The sums are the same to the last bit either way.
struct ShareBins {
  let count: Int
  /// Empty while the shares are listed.
  private var dense: [Double] = []
  private var listed: [(place: Int32, order: Int32, share: Double)] = []

  /// Shares up to which they are listed.
  private static let listedLimit = 1 << 13

  init(count: Int) { self.count = count }

  mutating func add(_ share: Double, at place: Int) {
    if !dense.isEmpty {
      dense[place] += share
    } else if listed.count < ShareBins.listedLimit {
      listed.append((Int32(place), Int32(listed.count), share))
    } else {
      dense = [Double](repeating: 0, count: count)
      for entry in listed { dense[Int(entry.place)] += entry.share }
      dense[place] += share
      listed = []
    }
  }

  /// Calls `body` for each window of bins that holds anything, in order: with its first place, its sum, and that of the
  /// `flank` bins on either side.
  func eachWindow(_ window: Int, flank: Int, _ body: (Int, Double, Double) -> Void) {
    let places = flank..<(count - flank - window)
    if dense.isEmpty {
      eachListed(window, flank: flank, places, body)
      return
    }
    var sums = [0.0]
    sums.reserveCapacity(count + 1)
    for bin in dense { sums.append(sums[sums.count - 1] + bin) }
    for place in places {
      let inside = sums[place + window] - sums[place]
      if inside == 0 { continue }
      body(place, inside, sums[place + window + flank] - sums[place - flank] - inside)
    }
  }

  private func eachListed(
    _ window: Int, flank: Int, _ places: Range<Int>, _ body: (Int, Double, Double) -> Void
  ) {
    let sums = RunningSums(listed)
    var (left, right, before, behind) = (0, 0, 0, 0)
    var next = places.lowerBound
    for occupied in sums.places {
      let end = min(occupied, places.upperBound - 1)
      next = max(next, occupied - window + 1)
      while next <= end {
        let inside = sums.upTo(next + window, &right) - sums.upTo(next, &left)
        if inside != 0 {
          body(
            next, inside,
            sums.upTo(next + window + flank, &behind) - sums.upTo(next - flank, &before) - inside)
        }
        next += 1
      }
    }
  }
}

/// The bins that hold anything, in order, and what all before each hold.
private struct RunningSums {
  private(set) var places: [Int] = []
  private var sums = [0.0]

  init(_ shares: [(place: Int32, order: Int32, share: Double)]) {
    var values: [Double] = []
    for entry in shares.sorted(by: { ($0.place, $0.order) < ($1.place, $1.order) }) {
      if places.last == Int(entry.place) {
        values[values.count - 1] += entry.share
      } else {
        places.append(Int(entry.place))
        values.append(entry.share)
      }
    }
    for value in values { sums.append(sums[sums.count - 1] + value) }
  }

  /// What the bins before a place hold. `hint`: where the last, lower place led to.
  func upTo(_ place: Int, _ hint: inout Int) -> Double {
    while hint < places.count, places[hint] < place { hint += 1 }
    return sums[hint]
  }
}
