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
  /// Samples that the constant is fitted to, at most `ConstantSearch.limit`.
  private static let sampleLimit = 3_000
  /// Nats that a single total may say for or against a pair.
  private static let limit = 7.0
  /// Nats against what cannot be: fewer bytes than the requests need.
  private static let impossible = -30.0
  /// Bytes that a handshake may be smaller than any that was seen.
  private static let slack = 2_000.0

  init(_ samples: [Sample]) {
    var search = ConstantSearch(ByteModel.thinned(samples))
    perRequest = search.sharpest(
      stride(from: 0, through: ByteModel.largest, by: ByteModel.coarse), width: 128)
    let near = stride(
      from: max(0, perRequest - ByteModel.coarse), through: perRequest + ByteModel.coarse, by: 1)
    perRequest = search.sharpest(near, width: LevelModel.binWidth)
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

  /// Whether carriers are known well enough to tell what no carrier can be.
  var isSharp: Bool { levels.isSharp }

  /// Bytes that so many requests leave at least, when bodies and header text are taken away.
  func least(_ requests: Double) -> Double { levels.lowest + perRequest * requests - ByteModel.slack }

  /// Nats for the requests being all that the carrier carried. `told`: bodies and header text of the requests, bytes; `own`: the
  /// weight of this pair's sample, nil where it is none: no pair is its own witness.
  func evidence(remainder: Double, requests: Double, told: Double, own: Double?) -> Double {
    // Header text may be packed, HTTP/2's is; not to less than half of it and the bodies.
    if remainder < -told / 2 { return ByteModel.impossible }
    let rest = remainder - perRequest * requests
    // Some requests have fewer headers than others, but not all of a connection less than half.
    if isSharp, rest + perRequest * requests / 2 < levels.lowest - ByteModel.slack {
      return ByteModel.impossible
    }
    guard let level = levels.logShare(rest, without: own ?? 0),
      let chance = background.logShare(rest, without: own == nil ? 0 : 1)
    else {
      return rest < 0 ? -ByteModel.limit : 0
    }
    return min(ByteModel.limit, max(-ByteModel.limit, level - chance))
  }
}
