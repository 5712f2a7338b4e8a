/// The time after its last response at which a connection is closed because nobody called any more: the same for many, so that it
/// stands out among all times from a last response to the end.
///
/// A sharper question than `DelayModel` can answer, whose bins at some seconds are as wide as seconds.
struct TimeoutModel {
  /// Microseconds in which connections end that end by it.
  private static let width = 20_000.0
  /// Microseconds below which a connection has ended for another reason.
  private static let shortest = 200_000.0

  private var samples: [(gap: Double, weight: Double)] = []
  private var total = 0.0
  private var low = 0.0
  private var mass = 0.0

  /// Takes in a time from a last response to the end, in microseconds.
  mutating func add(_ gap: Double, weight: Double) {
    total += weight
    if gap > TimeoutModel.shortest, weight > 0 { samples.append((gap, weight)) }
  }

  /// Ends learning: finds where most of the weight is.
  mutating func freeze() {
    samples.sort { ($0.gap, $0.weight) < ($1.gap, $1.weight) }
    var (first, inside) = (0, 0.0)
    for sample in samples {
      inside += sample.weight
      while sample.gap - samples[first].gap > TimeoutModel.width {
        inside -= samples[first].weight
        first += 1
      }
      if inside > mass { (low, mass) = (samples[first].gap, inside) }
    }
    samples = []
  }

  /// The logarithm of the density at a gap, per microsecond, as all others say it: `own` is the weight that whoever asks was
  /// added with. nil where no connection ends by it. Only after `freeze`.
  func logDensity(_ gap: Double, without own: Double) -> Double? {
    guard gap >= low, gap <= low + TimeoutModel.width, mass - own > 0, total - own > 0 else { return nil }
    let share = (mass - own) / (total - own) / TimeoutModel.width
    return Logarithm.natural((1 - DelayModel.floorShare) * share)
  }
}
