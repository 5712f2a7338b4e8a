/// One request seen at both ends: the samples that a clock is fitted to.
struct ClockSample {
  /// Start on the client's clock.
  var time: Int64
  /// server.start − client.start, microseconds.
  var there: Int64
  /// client.end − server.end, microseconds.
  var back: Int64
}

extension ClockSample {
  /// Of a request whose line at one end lacks the duration only the start is known: it is held to arrive at once.
  init(_ client: Hop, _ server: Hop) {
    let there = server.start - client.start
    let isKnown = client.duration >= 0 && server.duration >= 0
    self.init(time: client.start, there: there, back: isKnown ? client.end - server.end : -there)
  }
}
