/// The widths of bins and what they add up to, for one precision: asked for again and again while a model is learned.
struct GapEdges {
  /// Microseconds, by bin.
  let widths: [Float]
  /// Where each bin begins, counted from the first one's beginning, and where the last one ends; microseconds.
  let edges: [Double]
  /// The density, per microsecond, that knows nothing: any bin alike.
  let flat: [Float]

  init(_ bins: GapBins) {
    widths = (0..<GapBins.count).map { Float(bins.width($0)) }
    var edges: [Double] = [0]
    for bin in 0..<GapBins.count { edges.append(edges[bin] + bins.width(bin)) }
    self.edges = edges
    let share = 1 / Float(GapBins.count)
    flat = widths.map { share / $0 }
  }
}
