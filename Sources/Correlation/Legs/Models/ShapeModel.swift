internal import AccessLog

/// What requests between one ordered pair of mesh clusters look like in time: learned, never assumed.
struct ShapeModel {
  /// server.start − client.start − skew, microseconds.
  var there: DelayModel
  /// client.end − server.end + skew, microseconds.
  var back: DelayModel
  /// Durations of server hops: how often a foreign request would fit by chance.
  var durations: DelayModel
  /// Microseconds by which a server hop may stick out of its client hop.
  var slack: Int64
  /// Whether the clock and the delays are known well enough to match by.
  var isUsable = false
  let clock: PairClock

  /// Microseconds that truncation, and threads that take their time stamps in turn, put between the ends.
  static let jitter: Int64 = 3_000
  /// Microseconds between the ends while the clocks are only roughly known.
  static let roughSlack: Int64 = 15_000

  init(clock: PairClock, precision: Int32, slack: Int64) {
    self.clock = clock
    self.slack = slack
    let unit = Double(max(50, precision))
    there = DelayModel(unit: unit)
    back = DelayModel(unit: unit)
    durations = DelayModel(unit: unit)
  }

  mutating func learn(_ client: Hop, _ server: Hop) {
    let (there, back) = delays(client, server)
    self.there.add(Double(there))
    if client.duration >= 0, server.duration >= 0 { self.back.add(Double(back)) }
  }

  mutating func freeze() {
    there.freeze()
    back.freeze()
    durations.freeze()
    isUsable = there.weight > 0
  }

  func delays(_ client: Hop, _ server: Hop) -> (there: Int64, back: Int64) {
    let skew = clock.skew(at: client.start)
    return (server.start - client.start - skew, client.end - server.end + skew)
  }

  /// How much likelier these times are for one request seen twice than for a foreign one, in nats; `rate` is how
  /// often hops of this content begin on one connection, per microsecond.
  func evidence(_ client: Hop, _ server: Hop, rate: Double) -> Double {
    let (there, back) = delays(client, server)
    var gain = self.there.logDensity(Double(there)) - Logarithm.natural(rate)
    if !client.wasAbandoned, !server.wasAbandoned, client.duration >= 0, server.duration >= 0 {
      gain += self.back.logDensity(Double(back)) - durations.logDensity(Double(max(0, server.duration)))
    }
    return gain
  }

  /// Whether the server hop lies within the client hop, as a request's must unless it was given up.
  func contains(_ client: Hop, _ server: Hop) -> Bool {
    let (there, back) = delays(client, server)
    if there < -slack || server.start - clock.skew(at: client.start) > client.latestPossibleEnd + slack {
      return false
    }
    return client.wasAbandoned || server.wasAbandoned || client.duration < 0 || back >= -slack
  }
}
