/// What is known of a span that was looked at.
package struct SpanState: Sendable, Equatable {
  /// Its rows of `leg_span`; 0 where adding up would have saved little.
  package var legs: Int64
  /// Whether `connection_span` has the connections of all its time.
  package var hasConnections: Bool

  package init(legs: Int64, hasConnections: Bool) {
    self.legs = legs
    self.hasConnections = hasConnections
  }
}
