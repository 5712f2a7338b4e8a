/// Finds the bytes per request that leave the remainders of many carriers most alike.
///
/// A fast path: hundreds of constants are tried over thousands of samples, a histogram each. Samples are sorted by
/// weight once and by bin for every constant, by radix: a twelfth of the time of comparing, and the same sums in
/// the same order.
struct ConstantSearch {
  private let remainders: [Double]
  private let requests: [Double]
  /// Ascending, as the other two.
  private let weights: [Double]
  private var keys: [UInt64]
  private var sorted: [UInt64]
  private var counts = [Int](repeating: 0, count: 1 << ConstantSearch.digitBits)

  /// Bits of a key that hold the sample's place; a sample's bin is above them.
  private static let placeBits: UInt64 = 12
  private static let digitBits: UInt64 = 8
  /// Samples at most.
  static let limit = 1 << 12
  /// Bins on either side of zero: no carrier has more bytes.
  private static let farthest = Double(1 << 50)

  /// - Parameter samples: at most `limit`.
  init(_ samples: [ByteModel.Sample]) {
    let ascending = samples.sorted { $0.weight < $1.weight }
    remainders = ascending.map(\.remainder)
    requests = ascending.map(\.requests)
    weights = ascending.map(\.weight)
    keys = [UInt64](repeating: 0, count: samples.count)
    sorted = keys
  }

  /// The constant of the grid with the largest sum of squares of a histogram; of several the first.
  mutating func sharpest(_ grid: StrideThrough<Double>, width: Double) -> Double {
    var best = 0.0
    var bestSharpness = -1.0
    for constant in grid {
      let sharpness = sharpness(constant, width)
      if sharpness > bestSharpness {
        bestSharpness = sharpness
        best = constant
      }
    }
    return best
  }

  private mutating func sharpness(_ constant: Double, _ width: Double) -> Double {
    sortBins(constant, width)
    var sum = 0.0
    var run = 0.0
    var bin = (keys.first ?? 0) >> Self.placeBits
    for key in keys {
      if key >> Self.placeBits != bin {
        sum += run * run
        run = 0
        bin = key >> Self.placeBits
      }
      run += weights[Int(key & (1 << Self.placeBits - 1))]
    }
    return sum + run * run
  }

  /// Fills `keys` with the samples by bin, within a bin by weight.
  private mutating func sortBins(_ constant: Double, _ width: Double) {
    var lowest = Self.farthest
    var highest = -Self.farthest
    for place in remainders.indices {
      let bin = min(Self.farthest, max(-Self.farthest, bin(place, constant, width)))
      lowest = min(lowest, bin)
      highest = max(highest, bin)
    }
    for place in remainders.indices {
      let bin = min(Self.farthest, max(-Self.farthest, bin(place, constant, width)))
      keys[place] = UInt64(bin - lowest) << Self.placeBits | UInt64(place)
    }
    var shift = Self.placeBits
    let top = UInt64(max(0, highest - lowest)) << Self.placeBits
    while top >> shift > 0 {
      sortByDigit(at: shift)
      shift += Self.digitBits
    }
  }

  @inline(__always)
  private func bin(_ place: Int, _ constant: Double, _ width: Double) -> Double {
    ((remainders[place] - constant * requests[place]) / width).rounded()
  }

  private mutating func sortByDigit(at shift: UInt64) {
    let mask: UInt64 = 1 << Self.digitBits - 1
    for digit in counts.indices { counts[digit] = 0 }
    for key in keys { counts[Int(key >> shift & mask)] += 1 }
    var start = 0
    for digit in counts.indices {
      let count = counts[digit]
      counts[digit] = start
      start += count
    }
    for key in keys {
      let digit = Int(key >> shift & mask)
      sorted[counts[digit]] = key
      counts[digit] += 1
    }
    swap(&keys, &sorted)
  }
}
