/// What became of one line. Every line has exactly one outcome; the sums are the counting invariant.
package enum LineOutcome: Sendable, Equatable {
  /// A hop is in the batch (the store says later whether it is a new one).
  case hop(repaired: Bool)
  /// Not an access log line: another component's message, a blank line, a piece of a line that goes on.
  case skipped
  /// An access log line that cannot be a hop.
  case rejected(RejectReason)
}
