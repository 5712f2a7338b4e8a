/// A density over bytes that are left when what a connection's requests explain is taken away: the handshake.
///
/// Handshakes have a few sharp levels (full or resumed session, certificate sizes), which differ from mesh to
/// mesh: so levels are learned as a histogram, never assumed.
struct LevelModel {
  /// Bytes per bin: requests are predicted to about a hundred bytes.
  static let binWidth = 64.0
  /// Bytes on either side of zero; a remainder beyond says nothing: requests that nobody logged went there, too.
  static let reach = 48_000.0
  /// The mass spread over all bins.
  static let floorShare = 0.03

  private var mass: [Double]
  private var total = 0.0
  /// By bin: the weight of all bins before it. Only after `freeze`.
  private var sums: [Double] = []
  private var radius = 0
  /// Bytes below which only a hundredth of the weight within reach lies. Only after `freeze`.
  private(set) var lowest = -LevelModel.reach
  /// Whether much of the weight lies where handshakes do, and no more than their differences apart. Only after `freeze`.
  private(set) var isSharp = false

  /// What handshakes take, and how far they differ, in bytes; the share that has to agree.
  private static let handshakes = 0.0...20_000
  private static let spread = 8_000.0
  private static let agreeing = 0.4
  /// Bins on either side over which a part of the mass is spread: connections of many requests differ more.
  private static let wideRadius = 32
  private static let wideShare = 0.3

  init() { mass = [Double](repeating: 0, count: Int(2 * LevelModel.reach / LevelModel.binWidth) + 1) }

  private func bin(_ bytes: Double) -> Int? {
    let place = Int(((bytes + LevelModel.reach) / LevelModel.binWidth).rounded())
    return mass.indices.contains(place) ? place : nil
  }

  mutating func add(_ bytes: Double, weight: Double) {
    if let place = bin(bytes) { mass[place] += weight }
    total += weight
  }

  /// Ends learning.
  ///
  /// - Parameter radius: bins on either side over which the histogram is smoothed.
  mutating func freeze(radius: Int) {
    self.radius = radius
    sums = [0.0]
    for value in mass { sums.append(sums[sums.count - 1] + value) }
    let within = sums[mass.count]
    let low = max(0, sums.partitioningIndex { $0 > within / 100 } - 1)
    let high = min(mass.count, low + Int(LevelModel.spread / LevelModel.binWidth))
    lowest = Double(low) * LevelModel.binWidth - LevelModel.reach
    isSharp =
      LevelModel.handshakes.contains(lowest) && sums[high] - sums[low] >= LevelModel.agreeing * total
  }

  /// The logarithm of the share of a bin at `bytes`, as all others say it: nil beyond reach. `own`: the weight that whoever asks
  /// was added with, so that nothing bears itself out. Only after `freeze`.
  func logShare(_ bytes: Double, without own: Double) -> Double? {
    guard let place = bin(bytes) else { return nil }
    var share = self.share(around: place, radius, without: own)
    if radius < LevelModel.wideRadius {
      let wide = self.share(around: place, LevelModel.wideRadius, without: own)
      share = (1 - LevelModel.wideShare) * share + LevelModel.wideShare * wide
    }
    let floor = LevelModel.floorShare / Double(mass.count)
    return Logarithm.natural((1 - LevelModel.floorShare) * share + floor)
  }

  private func share(around place: Int, _ radius: Int, without own: Double) -> Double {
    let low = max(0, place - radius)
    let high = min(mass.count, place + radius + 1)
    let rest = total - own
    return rest > 0 ? max(0, sums[high] - sums[low] - own) / Double(high - low) / rest : 0
  }
}
