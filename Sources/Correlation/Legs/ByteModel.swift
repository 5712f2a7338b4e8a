/// What a carrier's byte totals are made of, in one direction: bodies and header text, which the requests' own
/// lines tell, a constant per request, and a handshake.
///
/// All fitted: the constant depends on protocol and metadata headers (1 kB over HTTP/1.1 and 0.1 kB over HTTP/2 in
/// one mesh), the handshake on certificates.
struct ByteModel {
  /// Bytes per request.
  private(set) var perRequest = 0.0
  private var levels = LevelModel()
  private var background = LevelModel()

  /// What one possible pair of a client connection and a carrier says.
  struct Sample {
    /// Carrier's bytes minus bodies and header text of the requests.
    var remainder: Double
    var requests: Double
    /// How sure it is that the pair is right, 0 to 1.
    var weight: Double
  }

  /// Grid of constants that are tried at first, bytes.
  private static let coarse = 16.0
  /// No request's headers are larger than this on average: Envoy refuses 60 KiB.
  private static let largest = 8_000.0
  /// Samples that the constant is fitted to.
  private static let sampleLimit = 3_000
  /// Nats that a single total may say for or against a pair.
  private static let limit = 7.0

  init(_ samples: [Sample]) {
    let used = ByteModel.thinned(samples)
    perRequest = ByteModel.sharpest(
      used, stride(from: 0, through: ByteModel.largest, by: ByteModel.coarse), width: 128)
    let near = stride(
      from: max(0, perRequest - ByteModel.coarse), through: perRequest + ByteModel.coarse, by: 1)
    perRequest = ByteModel.sharpest(used, near, width: LevelModel.binWidth)
    for sample in samples {
      let rest = sample.remainder - perRequest * sample.requests
      levels.add(rest, weight: sample.weight)
      background.add(rest, weight: 1)
    }
    levels.freeze(radius: 4)
    background.freeze(radius: 40)
  }

  private static func thinned(_ samples: [Sample]) -> [Sample] {
    if samples.count <= sampleLimit { return samples }
    let heavy = samples.sorted {
      ($0.weight, $0.remainder, $0.requests) > ($1.weight, $1.remainder, $1.requests)
    }
    return Array(heavy.prefix(sampleLimit))
  }

  /// The constant that leaves the remainders most alike: the one with the largest sum of squares of a histogram.
  private static func sharpest(_ samples: [Sample], _ grid: StrideThrough<Double>, width: Double) -> Double {
    var best = 0.0
    var bestSharpness = -1.0
    for constant in grid {
      var rests = samples.map {
        (bin: ((($0.remainder - constant * $0.requests) / width).rounded()), weight: $0.weight)
      }
      rests.sort { ($0.bin, $0.weight) < ($1.bin, $1.weight) }
      var sharpness = 0.0
      var run = 0.0
      for index in rests.indices {
        if index > 0, rests[index].bin != rests[index - 1].bin {
          sharpness += run * run
          run = 0
        }
        run += rests[index].weight
      }
      sharpness += run * run
      if sharpness > bestSharpness {
        bestSharpness = sharpness
        best = constant
      }
    }
    return best
  }

  /// Nats for the requests being all that the carrier carried.
  func evidence(remainder: Double, requests: Double) -> Double {
    let rest = remainder - perRequest * requests
    return min(ByteModel.limit, max(-ByteModel.limit, levels.logShare(rest) - background.logShare(rest)))
  }
}
