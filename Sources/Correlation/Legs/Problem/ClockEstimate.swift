/// How far the clock of one mesh cluster is ahead of another's.
///
/// From requests of known legs, as NTP does it (RFC 5905, section 8): half the difference between the way there
/// and the way back. What the two ways differ by cannot be told from an offset, hence the uncertainty.
package struct ClockEstimate: Sendable, Equatable {
  package var clientCluster: Int32
  package var serverCluster: Int32
  /// Microseconds by which the server's clock is ahead at `referenceTime`.
  package var offset: Double
  /// Microseconds per second by which the offset grows (parts per million).
  package var drift: Double
  /// Microseconds: half of the typical time that a request spends between the two ends.
  package var uncertainty: Double
  /// Microseconds since the epoch, on the client's clock.
  package var referenceTime: Int64
  /// How many requests the estimate rests on.
  package var samples: Int
}
