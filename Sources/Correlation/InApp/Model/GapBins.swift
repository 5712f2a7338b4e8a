/// Bins for the time between two events: linear while small, then eight to the octave.
///
/// A gap is counted in units of its data's precision (1 µs or 1 ms), so that a bin is never narrower than what the
/// log can tell apart. Truncated times can make a gap look negative by up to two units; those have bins, too.
/// The scheme is HdrHistogram's: integer operations only, relative width at most 1/8.
struct GapBins {
  /// Microseconds in one unit; at least 1.
  let unit: Int64

  /// Bins for gaps of -2 units and less, and of -1 unit.
  static let negative = 2
  /// Gaps below this many units have a bin each.
  static let linear = 16
  /// Two to this power units and more (12 days at 1 µs) share the last octave.
  static let topOctave = 40
  static let count = negative + linear + (topOctave - 3) * 8

  init(unit: Int64) { self.unit = max(1, unit) }

  /// The bin of a gap in microseconds.
  @inline(__always)
  func bin(_ gap: Int64) -> Int {
    if gap < 0 { return gap >= -unit ? 1 : 0 }
    let units = unit == 1 ? UInt64(gap) : UInt64(gap) / UInt64(unit)
    if units < UInt64(GapBins.linear) { return GapBins.negative + Int(units) }
    let octave = min(63 - units.leadingZeroBitCount, GapBins.topOctave)
    let eighth = octave == GapBins.topOctave ? 7 : Int((units >> UInt64(octave - 3)) & 7)
    return GapBins.negative + GapBins.linear + (octave - 4) * 8 + eighth
  }

  /// A bin's width in microseconds.
  func width(_ bin: Int) -> Double {
    if bin < GapBins.negative + GapBins.linear { return Double(unit) }
    let octave = 4 + (bin - GapBins.negative - GapBins.linear) / 8
    return Double(unit) * Double(1 << (octave - 3))
  }
}
