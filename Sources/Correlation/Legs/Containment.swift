internal import AccessLog

/// Whether a server's interval can lie inside its client's.
///
/// Measured: on one clock and to the logged millisecond it always does where the request succeeded. Where the client
/// side gave up (DC, UT) the server learns of it later, by the way there, and ends after its client.
enum Containment {
  /// Microseconds by which clocks of two mesh clusters may be apart where nothing better is known. Only used beside
  /// an equal request id, which is what decides.
  static let clockSlack: Int64 = 60_000_000

  static func allows(_ server: Hop, inside client: Hop, slack: Int64) -> Bool {
    guard server.latestEnd &+ slack >= client.start, server.start <= client.latestEnd &+ slack else { return false }
    let gaveUp: ResponseFlags = [.downstreamConnectionTermination, .upstreamRequestTimeout]
    if !client.flags.isDisjoint(with: gaveUp) || !server.flags.isDisjoint(with: gaveUp) { return true }
    // Without a duration there is no interval to hold anything.
    guard client.duration >= 0, server.duration >= 0 else { return true }
    return server.duration <= client.duration &+ Int64(client.durationPrecision)
  }
}
