/// What is known of one ordered pair of mesh clusters (client, server): how their clocks differ, and how long a
/// request takes between the two ends.
struct PairClock {
  /// Server clock minus client clock at `reference`, microseconds.
  var offset: Double = 0
  /// Microseconds per second.
  var drift: Double = 0
  var reference: Int64 = 0
  /// Half of the typical difference between the two ends' durations, microseconds.
  var halfRoundTrip: Double = 0
  var samples = 0

  var isKnown: Bool { samples > 0 }

  /// Server clock minus client clock when the client's clock says `time`.
  func skew(at time: Int64) -> Int64 {
    Int64((offset + drift * Double(time - reference) / 1e6).rounded())
  }

  /// What this says of calls in the other direction: the second mesh cluster's clients call the first one.
  func reversed() -> PairClock {
    var clock = self
    clock.offset = -offset
    clock.drift = -drift
    clock.reference = reference + Int64(offset)
    return clock
  }
}
