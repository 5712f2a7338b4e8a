/// Which keys hops have that start in a range: a key tells the millisecond, and a collision may have moved it.
package struct KeyRange: Sendable {
  /// No other keys come into question.
  package let possible: ClosedRange<Int64>
  /// Hops with these surely start in the range.
  package let sure: ClosedRange<Int64>

  private init(possible: ClosedRange<Int64>, sure: ClosedRange<Int64>) {
    self.possible = possible
    self.sure = sure
  }

  /// Those of certain keys.
  func clamped(to keys: ClosedRange<Int64>) -> KeyRange {
    KeyRange(possible: possible.clamped(to: keys), sure: sure.clamped(to: keys))
  }

  /// - Parameter range: of starts, microseconds since the epoch; nil for all.
  package init(startingIn range: ClosedRange<Int64>?) {
    possible = HopKey.range(ofStarts: range)
    if range == nil {
      sure = possible
    } else {
      let first = min(possible.lowerBound, Int64.max - HopKey.reach) + HopKey.reach
      sure = first...max(first, possible.upperBound - HopKey.reach)
    }
  }
}
