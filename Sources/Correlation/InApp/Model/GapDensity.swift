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
  init(_ counts: [Float], bins: GapBins, fallback: GapDensity?) {
    let seen = counts.reduce(0, +)
    let flat = 1 / Float(GapBins.count)
    perMicrosecond = (0..<GapBins.count).map { fallback?.perMicrosecond[$0] ?? flat / Float(bins.width($0)) }
    guard seen > 0 else { return }
    let raw = Self.nearestNeighbours(counts, bins: bins, enough: min(seen, 2 + 0.5 * seen.squareRoot()))
    var mass: Float = 0
    for bin in raw.indices { mass += raw[bin] * Float(bins.width(bin)) }
    let scale = seen / (mass * (seen + Self.fallbackWeight))
    let rest = Self.fallbackWeight / (seen + Self.fallbackWeight)
    for bin in raw.indices {
      perMicrosecond[bin] = raw[bin] * scale + perMicrosecond[bin] * rest
    }
  }

  /// Counts per microsecond around each bin, over the smallest window that holds `enough`.
  private static func nearestNeighbours(_ counts: [Float], bins: GapBins, enough: Float) -> [Float] {
    var sum = [Float](repeating: 0, count: counts.count + 1)
    var edge = [Double](repeating: 0, count: counts.count + 1)
    for bin in counts.indices {
      sum[bin + 1] = sum[bin] + counts[bin]
      edge[bin + 1] = edge[bin] + bins.width(bin)
    }
    let threshold = enough * 0.999
    var reach = 0
    return counts.indices.map { bin in
      reach = max(0, reach - 1)
      while true {
        let low = max(0, bin - reach)
        let high = min(counts.count, bin + reach + 1)
        let inside = sum[high] - sum[low]
        if inside >= threshold || (low == 0 && high == counts.count) {
          return inside / Float(edge[high] - edge[low])
        }
        reach += 1
      }
    }
  }
}
