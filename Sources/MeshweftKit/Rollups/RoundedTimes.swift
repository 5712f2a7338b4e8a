internal import TraceStore

/// How often which duration occurred, with durations rounded to three significant digits: a quantile is off by half
/// a percent at most, and what a log wrote in whole milliseconds below a second stays exact.
///
/// The precision and the idea of bins that grow with the value are HdrHistogram's; bins are decimal here because
/// logs are, so that 49 ms comes out as 49 ms. Histograms of parts add up to that of the whole.
struct RoundedTimes: Sendable, Equatable {
  /// Numbers of bins in use, ascending, and how many durations each holds.
  private(set) var bins: [(bin: UInt16, count: Int64)] = []

  static func == (left: RoundedTimes, right: RoundedTimes) -> Bool {
    left.bins.elementsEqual(right.bins) { $0 == $1 }
  }

  init() {}

  init(_ sum: TimesSum) { bins = sum.bins }

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

/// Durations of many parts, added up.
struct TimesSum: Sendable {
  private var counts: [Int64] = []
  private(set) var count: Int64 = 0

  /// More of one duration are damage.
  fileprivate static let mostCount: UInt64 = 1 << 48

  /// Bins that a duration can fall into.
  fileprivate static let binCount = Int(RoundedTimes.bin(RoundedTimes.largest)) + 1

  mutating func add(_ times: RoundedTimes) {
    for (bin, count) in times.bins { add(bin, count) }
  }

  private mutating func add(_ bin: UInt16, _ more: Int64) {
    guard Int(bin) < TimesSum.binCount else { return }
    if Int(bin) >= counts.count { grow(to: Int(bin)) }
    counts[Int(bin)] += more
    count += more
  }

  /// No larger than the longest duration needs: a report holds many of these.
  private mutating func grow(to bin: Int) {
    let wanted = min(TimesSum.binCount, ((bin + bin / 4) | 255) + 1)
    counts.append(contentsOf: repeatElement(0, count: max(wanted, bin + 1) - counts.count))
  }

  mutating func removeAll() {
    counts.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Durations in microseconds that occurred, ascending, and how often.
  var counted: [(microseconds: Int64, count: Int64)] {
    counts.indices.filter { counts[$0] > 0 }.map { (RoundedTimes.microseconds(UInt16($0)), counts[$0]) }
  }

  /// Bins in use, ascending, and how many durations each holds.
  var bins: [(bin: UInt16, count: Int64)] {
    counts.indices.lazy.filter { counts[$0] > 0 }.map { (UInt16($0), counts[$0]) }
  }

  /// The smallest durations, in microseconds, that shares of all durations do not exceed (nearest rank); the shares are
  /// ascending. Empty without any duration.
  func quantiles(_ shares: [Double]) -> [Int64] {
    guard count > 0 else { return [] }
    let ranks = shares.map { max(1, Int64(($0 * Double(count)).rounded(.up))) }
    var quantiles: [Int64] = []
    var seen: Int64 = 0
    for bin in counts.indices where counts[bin] > 0 {
      seen += counts[bin]
      while quantiles.count < ranks.count, seen >= ranks[quantiles.count] {
        quantiles.append(RoundedTimes.microseconds(UInt16(bin)))
      }
      if quantiles.count == ranks.count { break }
    }
    return quantiles
  }

  /// One of them; nil without any duration.
  func quantile(_ share: Double) -> Int64? { quantiles([share]).first }
}

extension RoundedTimes {
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

extension TimesSum {
  /// Adds what `RoundedTimes.encoded` wrote; what is damaged is left out.
  mutating func add(encoded bytes: [UInt8]) { add(encoded: bytes.span) }

  /// The same from bytes that stay where they are. A report adds up hundreds of thousands of bins.
  mutating func add(encoded bytes: Span<UInt8>) {
    let bins = UInt64(TimesSum.binCount)
    var bin: UInt64 = 0
    var offset = 0
    while let distance = LEB128.next(bytes, &offset), let more = LEB128.next(bytes, &offset) {
      bin &+= distance
      guard bin < bins, more <= TimesSum.mostCount else { return }
      add(UInt16(bin), Int64(more))
      addKnown(bytes, &bin, &offset)
    }
  }

  /// Goes on as long as there is room for the bins, and distance and count have a byte each, as nearly all do.
  private mutating func addKnown(_ bytes: Span<UInt8>, _ bin: inout UInt64, _ offset: inout Int) {
    var counts = counts.mutableSpan
    var (place, next, sum) = (Int(bin), offset, 0)
    while next + 1 < bytes.count {
      let (distance, more) = (bytes[next], bytes[next + 1])
      guard (distance | more) < 0x80, place + Int(distance) < counts.count else { break }
      place += Int(distance)
      next += 2
      counts[place] += Int64(more)
      sum += Int(more)
    }
    (bin, offset) = (UInt64(place), next)
    count += Int64(sum)
  }
}

extension RoundedTimes {
  /// What two encoded histograms add up to, encoded; what is damaged is left out.
  static func adding(_ one: Span<UInt8>, _ other: Span<UInt8>) -> [UInt8] {
    var (left, right) = (EncodedBins(), EncodedBins())
    var sum = EncodedSum(room: one.count + other.count)
    left.next(one)
    right.next(other)
    while left.isThere || right.isThere {
      let bin = min(left.bin, right.bin)
      var count: UInt64 = 0
      if left.bin == bin {
        count += left.count
        left.next(one)
      }
      if right.bin == bin {
        count += right.count
        right.next(other)
      }
      sum.append(bin, count)
    }
    return sum.bytes
  }

  /// Steps through an encoded histogram.
  private struct EncodedBins {
    private var offset = 0
    /// `UInt64.max` behind the last one.
    private(set) var bin: UInt64 = 0
    private(set) var count: UInt64 = 0

    var isThere: Bool { bin < .max }

    mutating func next(_ bytes: Span<UInt8>) {
      guard let distance = LEB128.next(bytes, &offset), let count = LEB128.next(bytes, &offset),
        distance < UInt64(TimesSum.binCount) - bin, count <= TimesSum.mostCount
      else {
        bin = .max
        return
      }
      bin += distance
      self.count = count
    }
  }

  /// A histogram in the making.
  private struct EncodedSum {
    private(set) var bytes: [UInt8] = []
    private var last: UInt64 = 0

    init(room: Int) { bytes.reserveCapacity(room) }

    mutating func append(_ bin: UInt64, _ count: UInt64) {
      LEB128.append(bin - last, to: &bytes)
      LEB128.append(count, to: &bytes)
      last = bin
    }
  }
}
