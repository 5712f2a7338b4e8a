/// What the leg matcher found: links, what became of carriers, and the clocks it had to estimate.
package struct LegMatch: Sendable {
  /// Server → client `.parent`, client → proxy `.via` and server → proxy `.via`, sorted by (hop, kind, target).
  package var links: [Link]
  /// What else came into question for the links that were contested, sorted by (hop, kind).
  package var reasons: [LegReason]
  /// One entry per client and server hop, sorted by hop id.
  package var carriers: [CarrierOutcome]
  /// One entry per ordered pair of mesh clusters that requests went between, sorted by (client, server).
  package var clocks: [ClockEstimate]
}

/// What a person is told beside a link's evidence.
package struct LegReason: Sendable, Equatable {
  /// The link: whose it is, and of which kind.
  package var hop: Int64
  package var kind: Link.Kind
  /// The hop that would have been linked otherwise.
  package var runnerUp: Int64
  /// The log odds of the link against the runner-up, in nats.
  package var margin: Double
}

/// What became of the connection that carried one client or server hop.
package struct CarrierOutcome: Sendable, Equatable {
  package var hop: Int64
  package var status: CarrierStatus
}

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
