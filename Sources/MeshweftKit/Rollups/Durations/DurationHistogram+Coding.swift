internal import TraceStore

extension DurationHistogram {
  /// What two encoded histograms add up to, encoded; what is damaged is left out.
  static func adding(_ one: Span<UInt8>, _ other: Span<UInt8>) -> [UInt8] { sum(one, other).bytes }

  /// What two encoded histograms add up to, encoded, and how many durations that are; what is damaged is left out. nil where
  /// the sum of a bin is more than a histogram may have of one.
  static func soundSum(_ one: Span<UInt8>, _ other: Span<UInt8>) -> (bytes: [UInt8], count: Int64)? {
    let sum = sum(one, other)
    return sum.most <= DurationSum.mostCount ? (sum.bytes, Int64(sum.count)) : nil
  }

  private static func sum(_ one: Span<UInt8>, _ other: Span<UInt8>) -> EncodedSum {
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
    return sum
  }

  /// Hands out the bins of an encoded histogram, ascending, and their counts; what is damaged is left out.
  static func forEach(_ bytes: Span<UInt8>, _ body: (_ bin: UInt16, _ count: Int64) -> Void) {
    var bins = EncodedBins()
    bins.next(bytes)
    while bins.isThere {
      body(UInt16(bins.bin), Int64(bins.count))
      bins.next(bytes)
    }
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
        distance < UInt64(DurationSum.binCount) - bin, count <= DurationSum.mostCount
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
    /// Of all bins, and of the one with most.
    private(set) var count: UInt64 = 0
    private(set) var most: UInt64 = 0
    private var last: UInt64 = 0

    init(room: Int) { bytes.reserveCapacity(room) }

    mutating func append(_ bin: UInt64, _ count: UInt64) {
      LEB128.append(bin - last, to: &bytes)
      LEB128.append(count, to: &bytes)
      last = bin
      self.count += count
      most = max(most, count)
    }
  }
}
