/// A density of delays in microseconds, learned from samples: a histogram whose bins grow with the delay.
///
/// Bins are even in asinh(x / unit), so that they are linear around zero, where clocks and truncation rule, and
/// logarithmic in the tail, where queues do; negative delays have bins too. A share of the mass is spread over
/// everything believable, so that no single surprise can outweigh many agreeing requests.
struct DelayModel {
  /// Microseconds up to which delays are believable at all.
  static let reach = 10_000_000.0
  /// The mass that is spread over them.
  static let floorShare = 0.02
  private static let binsPerUnit = 5.0
  private static let half = 64

  /// Microseconds.
  let unit: Double
  private var mass = [Double](repeating: 0, count: 2 * DelayModel.half + 1)
  private var total = 0.0
  private var logs: [Double] = []

  /// - Parameter unit: microseconds below which bins are even: the precision of the times.
  init(unit: Double) { self.unit = max(1, unit) }

  var weight: Double { total }

  private func bin(_ delay: Double) -> Int {
    let place = (Logarithm.inverseSinh(delay / unit) * DelayModel.binsPerUnit).rounded()
    return min(2 * DelayModel.half, max(0, Int(place) + DelayModel.half))
  }

  mutating func add(_ delay: Double, weight: Double = 1) {
    mass[bin(delay)] += weight
    total += weight
  }

  /// Ends learning: smooths neighbours and takes logarithms.
  mutating func freeze() {
    logs = mass.indices.map { place in
      let here = mass[place] * 2
      let sides = (place > 0 ? mass[place - 1] : 0) + (place < mass.count - 1 ? mass[place + 1] : 0)
      let share = total > 0 ? (here + sides) / 4 / total : 0
      let density = share / width(place)
      let floor = DelayModel.floorShare / DelayModel.reach
      return Logarithm.natural((1 - DelayModel.floorShare) * density + floor)
    }
  }

  private func width(_ place: Int) -> Double {
    let x = Double(place - DelayModel.half)
    let upper = Logarithm.sinh((x + 0.5) / DelayModel.binsPerUnit)
    let lower = Logarithm.sinh((x - 0.5) / DelayModel.binsPerUnit)
    return unit * (upper - lower)
  }

  /// Bins on either side over which a part of the mass is spread where few others say what is usual, and that part.
  private static let wideRadius = 6
  private static let wideShare = 0.3

  /// The logarithm of the density at `delay`, as all others say it: `own` is the weight that whoever asks was added with. For
  /// questions among few samples; where there are many, one more or less makes no difference (`logDensity(_:)`).
  func logDensity(_ delay: Double, without own: Double) -> Double {
    let place = bin(delay)
    let rest = total - own
    var share = 0.0
    if rest > 0 {
      let sides = (place > 0 ? mass[place - 1] : 0) + (place < mass.count - 1 ? mass[place + 1] : 0)
      let narrow = max(0, 2 * mass[place] + sides - 2 * own) / 4
      let around = max(0, place - DelayModel.wideRadius)..<min(mass.count, place + DelayModel.wideRadius + 1)
      var wide = -own
      for other in around { wide += mass[other] }
      share = (1 - DelayModel.wideShare) * narrow + DelayModel.wideShare * max(0, wide) / Double(around.count)
      share /= rest * width(place)
    }
    let floor = DelayModel.floorShare / DelayModel.reach
    return Logarithm.natural((1 - DelayModel.floorShare) * share + floor)
  }

  /// The logarithm of the density at `delay`, per microsecond. Only after `freeze()`.
  func logDensity(_ delay: Double) -> Double { logs[bin(delay)] }
}
