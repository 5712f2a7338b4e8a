/// A density of gaps from binned counts.
///
/// Each bin takes in its neighbours until enough was seen (the nearest-neighbour estimate of density): peaks of many
/// calls stay as sharp as the bins, thin tails become smooth.
struct GapDensity {
  /// Per microsecond, by bin; never 0.
  var perMicrosecond: [Float]

  /// Weight, in gaps seen, of the fallback.
  private static let fallbackWeight: Float = 2

  /// Where little was seen, `fallback` is assumed, or any bin alike.
  init(_ counts: ArraySlice<Float>, _ edges: GapEdges, fallback: GapDensity? = nil) {
    assert(counts.count == GapBins.count)
    perMicrosecond = fallback?.perMicrosecond ?? edges.flat
    guard let last = counts.lastIndex(where: { $0 > 0 }) else { return }
    let sums = Self.sums(counts[...last])
    let seen = sums[sums.count - 1]
    let raw = Self.nearestNeighbours(sums, edges.edges, enough: min(seen, 2 + 0.5 * seen.squareRoot()))
    var mass: Float = 0
    for bin in raw.indices { mass += raw[bin] * edges.widths[bin] }
    let scale = seen / (mass * (seen + Self.fallbackWeight))
    let rest = Self.fallbackWeight / (seen + Self.fallbackWeight)
    for bin in raw.indices {
      perMicrosecond[bin] = raw[bin] * scale + perMicrosecond[bin] * rest
    }
  }

  /// What the bins before each one add up to, and all together.
  private static func sums(_ counts: ArraySlice<Float>) -> [Float] {
    var sums = [Float](repeating: 0, count: counts.count + 1)
    var (sum, place) = (Float(0), 0)
    for count in counts {
      sum += count
      place += 1
      sums[place] = sum
    }
    return sums
  }

  /// Counts per microsecond around each bin, over the smallest window that holds `enough`.
  ///
  /// `sums`: up to the last bin in which anything was seen. Most gaps are far from the longest that a bin is for: behind the
  /// last one seen all windows begin at one bin, and from some bin on they end with the last, too.
  private static func nearestNeighbours(_ sums: [Float], _ edges: [Double], enough: Float) -> [Float] {
    let bins = edges.count - 1
    let seen = sums.count - 1
    let threshold = enough * 0.999
    var result = [Float](repeating: 0, count: bins)
    var reach = 0
    for bin in 0..<seen {
      reach = max(0, reach - 1)
      var (low, high) = (max(0, bin - reach), bin + reach + 1)
      var inside = sums[min(seen, high)] - sums[low]
      while inside < threshold, low > 0 || high < bins {
        low = max(0, low - 1)
        high += 1
        reach += 1
        inside = sums[min(seen, high)] - sums[low]
      }
      result[bin] = inside / Float(edges[min(bins, high)] - edges[low])
    }
    var first = seen - 1
    while first > 0, sums[seen] - sums[first] < threshold { first -= 1 }
    let inside = sums[seen] - sums[first]
    var bin = seen
    while bin < bins, 2 * bin - first + 1 < bins {
      result[bin] = inside / Float(edges[2 * bin - first + 1] - edges[first])
      bin += 1
    }
    let thinnest = inside / Float(edges[bins] - edges[first])
    while bin < bins {
      result[bin] = thinnest
      bin += 1
    }
    return result
  }
}
