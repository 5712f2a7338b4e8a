internal import AccessLog

/// Finds how far two mesh clusters' clocks are apart when nothing but times and contents tells requests apart.
///
/// All pairs of a client hop and a later or earlier server hop of the same content are binned by their difference
/// in start. Pairs of different requests fall anywhere; those of one request all fall within a few milliseconds of
/// the true offset plus the delay, and stand out as a peak.
struct Correlogram {
  /// Microseconds per bin.
  static let binWidth: Int64 = 1_000
  /// Bins summed when the peak is sought: the spread of true delays.
  static let window = 8
  /// Wider ones, tried in turn where none stands out: delays over a long way, or on busy machines, differ more.
  static let windows = [window, 24, 72]
  /// Windows on either side that say how many pairs fall into one by chance.
  static let flank = 8
  /// Standard deviations that the peak must stand above the rest; below it no clock is claimed.
  static let significance = 9.0
  /// Client hops that one correlogram uses; more sharpen nothing.
  static let clientLimit = 3_000
  /// Pairs that one correlogram looks at, whatever the contents.
  static let pairLimit = 6_000_000

  private let reach: Int64
  private let center: Int64
  private var bins: ShareBins
  private var weight = 0.0
  private var squares = 0.0

  init(center: Int64, reach: Int64) {
    self.reach = reach
    self.center = center
    bins = ShareBins(count: Int(2 * reach / Correlogram.binWidth) + 1)
  }

  /// Adds one client hop against the starts of all server hops of its content.
  ///
  /// A content that fits n server hops says n times less about which one it is.
  mutating func add(start: Int64, partners: ArraySlice<Int64>) {
    if partners.isEmpty { return }
    let share = 1 / Double(partners.count)
    for partner in partners {
      let place = Int((partner - start - center + reach) / Correlogram.binWidth)
      if place >= 0, place < bins.count { bins.add(share, at: place) }
    }
    weight += 1
    squares += share
  }

  /// The difference in start (server − client) that most pairs agree on, or nil where none stands out.
  func peak() -> Int64? {
    for window in Correlogram.windows {
      guard let best = strongest(window: window) else { return nil }
      if best.strength >= Correlogram.significance { return best.place }
    }
    return nil
  }

  /// The densest window, and by how many standard deviations it stands above the rest; nil where nothing was added.
  func strongest(window: Int = Correlogram.window) -> (place: Int64, strength: Double)? {
    guard let best = densest(window: window) else { return nil }
    let share = squares / weight
    let spread = (best.background * share + share * share).squareRoot()
    return (best.place, best.excess / spread)
  }

  /// The differences that most pairs agree on, the strongest first, windows apart; whether they stand out or not.
  func peaks(_ count: Int) -> [Int64] {
    let sorted = excesses().sorted { ($1.excess, $0.place) < ($0.excess, $1.place) }
    var places: [Int64] = []
    let apart = Int64(Correlogram.window) * Correlogram.binWidth
    for window in sorted where places.allSatisfy({ abs($0 - window.place) >= apart }) {
      places.append(window.place)
      if places.count == count { break }
    }
    return places
  }

  /// The strongest of all windows, whether it stands out or not.
  func densest(window: Int = Correlogram.window) -> Window? {
    excesses(window: window).max { ($0.excess, $1.place) < ($1.excess, $0.place) }
  }

  struct Window {
    var place: Int64
    /// Pairs in the window beyond `background`, which is what its neighbours hold.
    var excess: Double
    var background: Double
  }

  /// Each window compared with what lies beside it, since the background is not flat: it follows the load. Only those
  /// with an excess.
  private func excesses(window: Int = Correlogram.window) -> [Window] {
    let flank = Correlogram.flank * window
    if weight == 0 || bins.count <= 2 * flank + window { return [] }
    var windows: [Window] = []
    bins.eachWindow(window, flank: flank) { place, inside, around in
      let expected = around * Double(window) / Double(2 * flank)
      if inside - expected <= 1e-9 { return }
      let left = center - reach + Int64(place) * Correlogram.binWidth
      windows.append(
        Window(
          place: left + Int64(window) * Correlogram.binWidth / 2, excess: inside - expected,
          background: expected))
    }
    return windows
  }
}
