/// Finds the line along which another mesh cluster's clock runs ahead, from what windows of a log measure on their own.
///
/// One window may have no lines of the other cluster beside it (a log that was rotated, `--since`), or see a peak that chance
/// made. So an anchor may come from any window, and counts where those that could bear it out do.
struct AnchorSearch {
  /// The line: microseconds ahead at a time of the client's clock, and parts per million.
  struct Line {
    var reference: Int64
    var offset: Double
    var drift: Double
    /// Places of windows that agree about it.
    var points: [(seconds: Double, offset: Double)]

    /// By how much the first clock is ahead of the other, at times of the other's.
    func reversed() -> Line {
      Line(
        reference: reference + Int64(offset), offset: -offset, drift: -drift,
        points: points.map { ($0.seconds, -$0.offset) })
    }

    /// Whether it leads through what was measured at a time.
    func passes(_ anchor: Int64, at time: Int64) -> Bool {
      abs(Double(anchor) - offset - drift * Double(time - reference) / 1e6) < Double(AnchorSearch.scatter)
    }
  }

  /// The windows' middles, microseconds on the client's clock, in order.
  let times: [Int64]
  /// What a window measures within `reach` microseconds of `center`; nil where nothing stands out.
  let measure: (_ window: Int, _ center: Int64, _ reach: Int64) -> Int64?
  /// Whether the other cluster has lines of a window's time, if its clock is ahead by so many microseconds.
  let covers: (_ window: Int, _ offset: Int64) -> Bool

  /// Windows of which so many must agree at least.
  static let fewest = 2
  /// Of those that the other cluster's lines cover, so many must agree where no other line has as many: half of a window's
  /// connections may be open still, and have no line.
  private static let least = 1.0 / 3
  /// Microseconds by which places may differ beside what drift explains.
  private static let scatter: Int64 = 150_000
  /// Microseconds around a place that are looked at, so that a wide peak (`Correlogram.windows`) has flanks to stand out from.
  private static let leastReach: Int64 = 750_000

  /// The line that most windows agree about which could; nil where they do not.
  func line() -> Line? {
    var best: Line?
    var isContested = false
    for window in order {
      guard let anchor = measure(window, 0, RequestIDJoin.maximumSkew),
        best.map({ !$0.passes(anchor, at: times[window]) }) ?? true
      else { continue }
      let (line, covered) = line(through: anchor, at: times[window], of: window)
      if line.points.count >= AnchorSearch.fewest, 2 * line.points.count > covered { return line }
      guard Double(line.points.count) >= AnchorSearch.least * Double(covered) else { continue }
      let (count, most) = (line.points.count, best?.points.count ?? AnchorSearch.fewest - 1)
      if count > most { (best, isContested) = (line, false) } else if count == most { isContested = true }
    }
    return isContested ? nil : best
  }

  /// The middle first: it is nearest to all others.
  private var order: [Int] {
    let middle = times.count / 2
    return times.indices.sorted { (abs($0 - middle), $0) < (abs($1 - middle), $1) }
  }

  /// The line through what was measured otherwise at a time, and what windows say near it.
  func line(through anchor: Int64, at time: Int64) -> Line { line(through: anchor, at: time, of: nil).line }

  /// The line through what was measured at a time, by one of the windows if any, and how many windows could bear it out.
  private func line(through anchor: Int64, at reference: Int64, of window: Int?) -> (line: Line, covered: Int)
  {
    var points = [(seconds: 0.0, offset: Double(anchor))]
    var covered = 1
    for other in times.indices where other != window && covers(other, anchor) {
      covered += 1
      let seconds = Double(times[other] - reference) / 1e6
      let most = AnchorSearch.scatter + Int64(abs(seconds) * ClockFit.driftLimit)
      let found = measure(other, anchor, max(most, AnchorSearch.leastReach))
      if let found, abs(found - anchor) <= most { points.append((seconds, Double(found))) }
    }
    points.sort { $0 < $1 }
    let drift = ClockFit.slope(points)
    let offset = ClockFit.median(points.map { $0.offset - drift * $0.seconds })
    return (Line(reference: reference, offset: offset, drift: drift, points: points), covered)
  }
}
