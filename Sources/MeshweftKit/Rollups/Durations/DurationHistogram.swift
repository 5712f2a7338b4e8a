internal import TraceStore

/// How often which duration occurred, with durations rounded to three significant digits: a quantile is off by half
/// a percent at most, and what a log wrote in whole milliseconds below a second stays exact.
///
/// The precision and the idea of bins that grow with the value are HdrHistogram's; bins are decimal here because
/// logs are, so that 49 ms comes out as 49 ms. Histograms of parts add up to that of the whole.
struct DurationHistogram: Sendable, Equatable {
  /// Numbers of bins in use, ascending, and how many durations each holds.
  private(set) var bins: [(bin: UInt16, count: Int64)] = []

  static func == (left: DurationHistogram, right: DurationHistogram) -> Bool {
    left.bins.elementsEqual(right.bins) { $0 == $1 }
  }

  init() {}

  init(_ sum: DurationSum) { bins = sum.bins }

  /// - Parameter durations: bins in any order, each as often as it occurred.
  init(unsorted durations: [UInt16]) {
    for bin in durations.sorted() {
      if bins.last?.bin == bin { bins[bins.count - 1].count += 1 } else { bins.append((bin, 1)) }
    }
  }

  var count: Int64 { bins.reduce(0) { $0 + $1.count } }

  /// The bin of a duration in microseconds: its three leading digits and its magnitude.
  static func bin(_ microseconds: Int64) -> UInt16 {
    var value = max(0, min(microseconds, largest))
    var magnitude = 0
    var dropped: Int64 = 0
    while value >= 1000 {
      dropped = value % 10
      value /= 10
      magnitude += 1
    }
    if dropped >= 5 { value += 1 }
    if value == 1000 { (value, magnitude) = (100, magnitude + 1) }
    return magnitude == 0 ? UInt16(value) : UInt16(1000 + (magnitude - 1) * 900 + Int(value) - 100)
  }

  /// Eleven days; a longer request is counted as this long.
  static let largest: Int64 = 999_000_000_000

  /// Microseconds that a bin stands for.
  static func microseconds(_ bin: UInt16) -> Int64 {
    if bin < 1000 { return Int64(bin) }
    let (magnitude, digits) = (Int(bin) - 1000).quotientAndRemainder(dividingBy: 900)
    return (0...magnitude).reduce(Int64(digits) + 100) { value, _ in value * 10 }
  }
}

extension DurationHistogram {
  /// As a rollup keeps it: for each bin its distance from the last one and its count, both as LEB128.
  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    var last: UInt16 = 0
    for (bin, count) in bins {
      LEB128.append(UInt64(bin - last), to: &bytes)
      LEB128.append(UInt64(count), to: &bytes)
      last = bin
    }
    return bytes
  }
}
