internal import TraceStore

/// Durations of many parts, added up.
///
/// Few bins stay as a rollup keeps them, some bytes each; many have an array of all bins, up to 65 KB, to which a part is
/// added in place. So a report of 50 000 services with a handful of durations each takes a megabyte for them, where arrays
/// took 65 KB for each.
struct DurationSum: Sendable {
  /// As `DurationHistogram.encoded` writes it; empty where `counts` has the bins.
  private var few: [UInt8] = []
  /// By bin.
  private var counts: [Int64] = []
  private var isDense = false
  /// Bytes that were stepped over to add to `few`.
  private var steps: Int32 = 0
  private(set) var count: Int64 = 0

  /// Bytes of few bins, and of steps among them, beyond which an array is worth its room.
  private static let mostBytes = 1 << 10
  private static let mostSteps: Int32 = 1 << 18

  /// More of one duration are damage.
  static let mostCount: UInt64 = 1 << 48

  /// Bins that a duration can fall into.
  static let binCount = Int(DurationHistogram.bin(DurationHistogram.largest)) + 1

  mutating func add(_ times: DurationHistogram) { add(encoded: times.encoded) }

  /// Adds what `DurationHistogram.encoded` wrote; what is damaged is left out.
  mutating func add(encoded bytes: [UInt8]) { add(encoded: bytes.span) }

  /// Adds what `DurationHistogram.encoded` wrote, from bytes that stay where they are; what is damaged is left out. A report
  /// adds up hundreds of thousands of bins.
  mutating func add(encoded bytes: Span<UInt8>) {
    if isDense { return addDense(bytes) }
    guard !bytes.isEmpty else { return }
    guard few.count + bytes.count <= DurationSum.mostBytes, steps < DurationSum.mostSteps,
      let sum = DurationHistogram.soundSum(few.span, bytes)
    else {
      makeDense()
      return addDense(bytes)
    }
    steps += Int32(truncatingIfNeeded: sum.bytes.count)
    (few, count) = (sum.bytes, sum.count)
  }

  private mutating func makeDense() {
    let bytes = few
    few = []
    isDense = true
    count = 0
    addDense(bytes.span)
  }

  private mutating func addDense(_ bytes: Span<UInt8>) {
    let bins = UInt64(DurationSum.binCount)
    var bin: UInt64 = 0
    var offset = 0
    while let distance = LEB128.next(bytes, &offset), let more = LEB128.next(bytes, &offset) {
      bin &+= distance
      guard bin < bins, more <= DurationSum.mostCount else { return }
      add(UInt16(bin), Int64(more))
      addKnown(bytes, &bin, &offset)
    }
  }

  private mutating func add(_ bin: UInt16, _ more: Int64) {
    if Int(bin) >= counts.count { grow(to: Int(bin)) }
    // A damaged row may say anything: adding it must not end the program.
    counts[Int(bin)] &+= more
    count &+= more
  }

  /// No larger than the longest duration needs: a report holds many of these.
  private mutating func grow(to bin: Int) {
    let wanted = min(DurationSum.binCount, ((bin + bin / 4) | 255) + 1)
    counts.append(contentsOf: repeatElement(0, count: max(wanted, bin + 1) - counts.count))
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
      counts[place] &+= Int64(more)
      sum += Int(more)
    }
    (bin, offset) = (UInt64(place), next)
    count &+= Int64(sum)
  }

  /// Keeps the room of an array, where it has one.
  mutating func removeAll() {
    counts.removeAll(keepingCapacity: true)
    (few, steps, count) = ([], 0, 0)
  }
}

extension DurationSum {
  /// Bytes that it holds, about.
  var heldBytes: Int { few.count + counts.capacity * MemoryLayout<Int64>.stride }

  /// Hands out the bins in use, ascending, and how many durations each holds.
  func forEach(_ body: (_ bin: UInt16, _ count: Int64) -> Void) {
    guard isDense else { return DurationHistogram.forEach(few.span) { if $1 > 0 { body($0, $1) } } }
    for bin in counts.indices where counts[bin] > 0 { body(UInt16(bin), counts[bin]) }
  }

  /// Bins in use, ascending, and how many durations each holds.
  var bins: [(bin: UInt16, count: Int64)] {
    var bins: [(bin: UInt16, count: Int64)] = []
    forEach { bins.append(($0, $1)) }
    return bins
  }

  /// The smallest durations, in microseconds, that shares of all durations do not exceed (nearest rank); the shares are
  /// ascending. Empty without any duration.
  func quantiles(_ shares: [Double]) -> [Int64] {
    guard count > 0 else { return [] }
    let ranks = shares.map { max(1, Int64(($0 * Double(count)).rounded(.up))) }
    var quantiles: [Int64] = []
    var seen: Int64 = 0
    forEach { bin, count in
      seen &+= count
      while quantiles.count < ranks.count, seen >= ranks[quantiles.count] {
        quantiles.append(DurationHistogram.microseconds(bin))
      }
    }
    return quantiles
  }

  /// One of them; nil without any duration.
  func quantile(_ share: Double) -> Int64? { quantiles([share]).first }

  /// How many durations are no longer than each of some bounds, ascending, in microseconds, as far as their three digits
  /// tell.
  func counts(upTo bounds: [Int64]) -> [Int64] {
    var counts = [Int64](repeating: 0, count: bounds.count)
    forEach { bin, count in
      let duration = DurationHistogram.microseconds(bin)
      if let place = bounds.firstIndex(where: { duration <= $0 }) { counts[place] &+= count }
    }
    for place in counts.indices.dropFirst() { counts[place] &+= counts[place - 1] }
    return counts
  }

  /// Microseconds, as far as the durations' three digits tell.
  var sum: Int64 {
    var sum: Int64 = 0
    forEach { sum &+= DurationHistogram.microseconds($0) &* $1 }
    return sum
  }
}
