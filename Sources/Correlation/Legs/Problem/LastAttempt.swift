internal import AccessLog

/// Tells whether the server line that is linked to a request is that of its last attempt.
///
/// A request that was tried again has a server line for each attempt, on different connections, and its own line tells
/// about the last one. Where that one's is missing (a pod whose log was left out) an earlier attempt must not speak for
/// the connection.
enum LastAttempt {
  /// Microseconds that times tell apart at least.
  private static let least = 2000.0

  /// A success is answered with the code that its server logged. Of a request that was tried until the limit the last
  /// attempt's answer is on its way when the request ends: an earlier one's was followed by a whole attempt.
  static func isAnswer(_ answer: Hop, of request: Hop, _ clocks: ClockTable) -> Bool {
    if request.succeeded { return answer.responseCode == request.responseCode || answer.responseCode == 0 }
    guard request.flags.contains(.upstreamRetryLimitExceeded) else { return true }
    let clock = clocks.pair(request, answer)
    guard clock.isKnown || request.meshCluster == answer.meshCluster else { return true }
    let late = request.end + clock.skew(at: request.start) - answer.end
    return Double(late) <= max(least, 2 * clock.halfRoundTrip)
  }
}
