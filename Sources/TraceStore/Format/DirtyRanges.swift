internal import AccessLog

/// Stretches of time that got new hops and wait for correlation.
struct DirtyRanges {
  /// `hop`: the key where it is the time of one hop alone.
  private(set) var ranges: [(first: Int64, last: Int64, hop: Int64?)] = []
  /// Microseconds without a hop at which a range ends.
  let gap: Int64

  init(gap: Int64 = StoreLimits.pendingGapMilliseconds * 1000) { self.gap = gap }

  /// Adds a hop; they come in about the order of their starts. Microseconds.
  @inline(__always)
  mutating func add(start: Int64, end: Int64, key: Int64?) {
    if let last = ranges.last, start <= last.last + gap, end >= last.first - gap {
      ranges[ranges.count - 1] = (min(last.first, start), max(last.last, end), nil)
    } else {
      ranges.append((start, end, key))
    }
  }
}
