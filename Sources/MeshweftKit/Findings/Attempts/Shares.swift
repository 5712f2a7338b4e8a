/// What each host got, beside what was its share while it was there.
///
/// A host's share is the service's requests in each stretch of time, divided among those who were members then: a pod
/// that came or went has its share of what came while it lived.
struct Shares {
  /// Microseconds since the epoch, one per host.
  private(set) var lives: [ClosedRange<Int64>] = []
  /// Requests, one per host.
  private(set) var counts: [Double] = []
  private(set) var expected: [Double] = []
  private(set) var window: ClosedRange<Int64> = 0...0

  init(_ all: ServiceAttempts) {
    guard let first = all.attempts.first?.start, let last = all.attempts.last?.start else { return }
    window = first...max(first, last)
    counts = all.hosts.map { Double($0.requests) }
    lives = all.hosts.map { host in
      if let life = host.life { return life.clamped(to: window) }
      guard !host.isListed else { return window }
      return Shares.life(host.firstSign, host.lastSign, host.requests, in: window)
    }
    expected = Shares.expected(all.attempts.map(\.start), lives)
  }

  /// From first to last sign, up to the window's edge where the time before or behind is no longer than the host's own
  /// pauses are.
  static func life(
    _ firstSign: Int64, _ lastSign: Int64, _ requests: Int, in window: ClosedRange<Int64>
  ) -> ClosedRange<Int64> {
    guard requests >= FindingLimits.lifeRequests else { return window }
    let first = max(window.lowerBound, min(firstSign, window.upperBound))
    let last = min(window.upperBound, max(lastSign, first))
    let rate = Double(requests) / Double(max(1, last - first))
    let edge = FindingLimits.edge * Double(window.upperBound - window.lowerBound)
    func isShort(_ time: Int64) -> Bool { Double(time) < edge || Double(time) * rate < FindingLimits.silence }
    let (atFirst, atLast) = (isShort(first - window.lowerBound), isShort(window.upperBound - last))
    return (atFirst ? window.lowerBound : first)...(atLast ? window.upperBound : last)
  }

  /// What was due to each of several by their lives, of what started at some times, ascending.
  static func expected(_ starts: [Int64], _ lives: [ClosedRange<Int64>]) -> [Double] {
    var expected = [Double](repeating: 0, count: lives.count)
    let cuts = Set(lives.flatMap { [$0.lowerBound, $0.upperBound + 1] }).sorted()
    for (from, to) in zip(cuts, cuts.dropFirst()) {
      let members = lives.indices.filter { lives[$0].lowerBound <= from && lives[$0].upperBound + 1 >= to }
      let count = Shares.place(of: to, in: starts) - Shares.place(of: from, in: starts)
      for member in members { expected[member] += Double(count) / Double(members.count) }
    }
    return expected
  }

  /// How many are before a time.
  static func place(of time: Int64, in starts: [Int64]) -> Int {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Part of its share that a host got.
  func ratio(_ host: Int) -> Double { expected[host] > 0 ? counts[host] / expected[host] : 1 }
  var ratios: [Double] { counts.indices.map(ratio) }
  var total: Double { counts.reduce(0, +) }

  /// Hosts of which so much was due that a difference tells.
  private var telling: [Int] {
    counts.indices.filter { abs(counts[$0] - expected[$0]) > 4 * max(1, expected[$0]).squareRoot() }
  }
  var most: Double { telling.map(ratio).max() ?? 1 }
  var least: Double { telling.map(ratio).min() ?? 1 }

  var isSignificant: Bool { Chance.differs(counts, from: expected) }
  var isUneven: Bool {
    counts.count > 1 && isSignificant
      && (most >= ImbalanceLimits.maxOverMean || least <= FindingLimits.starved)
  }
  /// Whether an imbalance that matters would have stood out.
  var couldTell: Bool { ImbalanceMetrics(counts, choices: total).couldTell }
  /// Some hosts came or went.
  var livesDiffer: Bool { lives.contains { $0 != window } }

  /// Hosts that came when the service was there already.
  func isLate(_ host: Int) -> Bool { lives[host].lowerBound > window.lowerBound }

  /// How much of the differences between hosts stays within groups, 0 to 1: 0 where the groups explain all.
  func unexplained(by group: (Int) -> Int) -> Double {
    var sums: [Int: (counts: Double, expected: Double)] = [:]
    for host in counts.indices {
      let sum = sums[group(host)] ?? (0, 0)
      sums[group(host)] = (sum.counts + counts[host], sum.expected + expected[host])
    }
    var (within, total) = (0.0, 0.0)
    for host in counts.indices where expected[host] > 0 {
      let sum = sums[group(host)] ?? (0, 1)
      let mean = sum.expected > 0 ? sum.counts / sum.expected : 0
      within += expected[host] * (ratio(host) - mean) * (ratio(host) - mean)
      total += expected[host] * (ratio(host) - 1) * (ratio(host) - 1)
    }
    return total > 0 ? within / total : 1
  }
}
