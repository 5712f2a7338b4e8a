internal import AccessLog

/// The line of a carrier that came when all others were linked, and every one of these by what its own hops say
/// (`LegMatch.waiting`): which requests it is the carrier of, and what their links are then.
///
/// These are the steps of `LegWork` for one carrier, where nothing is left to choose: its server hops name its addresses
/// (`AddressJoin`), and their client hops went over the connection that these came over (`CarrierLinks.byTriangle`). They
/// do not speak for a client that names the carrier itself (`CarrierLinks.byAddress`).
package struct LateCarrier: Sendable {
  package let carrier: Hop

  /// nil where the carrier called nobody, its line hides an address, or it says that it lived for longer than there is
  /// time.
  package init?(_ carrier: Hop) {
    guard carrier.role == .proxy, carrier.upstreamLocal != 0, carrier.upstreamHost != 0,
      carrier.duration < 1 << 60, !AddressKey.hasMasked(carrier)
    else { return nil }
    self.carrier = carrier
  }

  /// Starts of the server hops that it may have carried, microseconds since the epoch.
  package var starts: ClosedRange<Int64> {
    carrier.start - AddressJoin.slack...carrier.latestEnd + AddressJoin.slack
  }

  /// Whether a server hop, if it has no carrier so far, came over this one.
  package func carried(server hop: Hop) -> Bool {
    hop.role == .server && names(hop) && starts.contains(hop.start)
  }

  /// Whether a server hop names the connection's addresses.
  package func names(_ hop: Hop) -> Bool {
    hop.downstreamRemote == carrier.upstreamLocal && hop.downstreamLocal == carrier.upstreamHost
  }

  /// Whether hops may have to choose between the two carriers.
  package func competes(with other: Hop) -> Bool {
    other.upstreamLocal == carrier.upstreamLocal && other.upstreamHost == carrier.upstreamHost
      || other.downstreamRemote == carrier.downstreamRemote && other.service == carrier.service
  }

  /// Whether another line is of the same connection.
  package func repeats(_ other: Hop) -> Bool {
    other.downstreamRemote == carrier.downstreamRemote && other.upstreamLocal == carrier.upstreamLocal
      && other.start == carrier.start
  }

  /// Whether two client hops went over one connection.
  package static func areOfOneConnection(_ one: Hop, _ other: Hop) -> Bool {
    one.upstreamLocal == other.upstreamLocal && one.upstreamHost == other.upstreamHost
      && one.pod == other.pod && one.service == other.service
  }

  /// The link of a server hop that came over it.
  package func link(ofServer hop: Int64) -> Link {
    Link(
      kind: .via, hop: hop, target: carrier.id, confidence: AddressJoin.confidence, evidence: [.address])
  }

  /// The link of a client hop whose server hop came over it. `parent`: the server hop's link to the client hop; `surest`:
  /// the largest confidence that such a link of the connection has.
  package func link(ofClient hop: Int64, parent: Evidence, surest: Double) -> Link {
    Link(
      kind: .via, hop: hop, target: carrier.id, confidence: min(surest, CarrierLinks.ownConfidence),
      evidence: parent.union(.address))
  }
}
