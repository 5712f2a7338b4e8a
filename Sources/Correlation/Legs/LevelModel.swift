/// A density over bytes that are left when what a connection's requests explain is taken away: the handshake.
///
/// Handshakes have a few sharp levels (full or resumed session, certificate sizes), which differ from mesh to
/// mesh: so levels are learned as a histogram, never assumed.
struct LevelModel {
  /// Bytes per bin: requests are predicted to about a hundred bytes.
  static let binWidth = 64.0
  /// Bytes on either side of zero; a remainder beyond says nothing.
  static let reach = 48_000.0
  /// The mass spread over all bins.
  static let floorShare = 0.03

  private var mass: [Double]
  private var total = 0.0
  private var logs: [Double] = []

  init() { mass = [Double](repeating: 0, count: Int(2 * LevelModel.reach / LevelModel.binWidth) + 1) }

  private func bin(_ bytes: Double) -> Int? {
    let place = Int(((bytes + LevelModel.reach) / LevelModel.binWidth).rounded())
    return mass.indices.contains(place) ? place : nil
  }

  mutating func add(_ bytes: Double, weight: Double) {
    if let place = bin(max(-LevelModel.reach, min(LevelModel.reach, bytes))) {
      mass[place] += weight
      total += weight
    }
  }

  /// Ends learning.
  ///
  /// - Parameter radius: bins on either side over which the histogram is smoothed.
  mutating func freeze(radius: Int) {
    var sums = [0.0]
    for value in mass { sums.append(sums[sums.count - 1] + value) }
    let floor = LevelModel.floorShare / Double(mass.count)
    logs = mass.indices.map { place in
      let low = max(0, place - radius)
      let high = min(mass.count, place + radius + 1)
      let share = total > 0 ? (sums[high] - sums[low]) / Double(high - low) / total : 0
      return Logarithm.natural((1 - LevelModel.floorShare) * share + floor)
    }
  }

  /// The logarithm of the share of a bin at `bytes`. Only after `freeze`.
  func logShare(_ bytes: Double) -> Double {
    logs[bin(max(-LevelModel.reach, min(LevelModel.reach, bytes))) ?? 0]
  }
}
