internal import TraceStore

extension LegRollup {
  /// What the attempts of both rows, of the same bucket and group, add up to.
  func adding(_ other: LegRollup) -> LegRollup {
    var sum = self
    sum.requests += other.requests
    sum.attempts += other.attempts
    sum.clientTime &+= other.clientTime
    sum.serverTime &+= other.serverTime
    sum.busy += other.busy
    sum.bytesSent &+= other.bytesSent
    sum.bytesReceived &+= other.bytesReceived
    sum.confidenceSum += other.confidenceSum
    sum.confidenceMin = min(confidenceMin, other.confidenceMin)
    sum.firstStart = min(firstStart, other.firstStart)
    sum.lastStart = max(lastStart, other.lastStart)
    sum.clientTimes = DurationHistogram.adding(clientTimes.span, other.clientTimes.span)
    sum.serverTimes = DurationHistogram.adding(serverTimes.span, other.serverTimes.span)
    sum.borderTimes = DurationHistogram.adding(borderTimes.span, other.borderTimes.span)
    sum.slowest = TopAttempts.adding(slowest, other.slowest)
    sum.costliest = TopAttempts.adding(costliest, other.costliest)
    sum.connections = Set(connections).union(other.connections).sorted()
    return sum
  }
}

extension TopAttempts {
  /// The foremost of two encoded lists, encoded: whoever is among the first of all is among the first of its own.
  fileprivate static func adding(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
    var top = TopAttempts()
    for bytes in [one, other] {
      for entry in entries(bytes.span) { top.add(entry.hop, entry.microseconds) }
    }
    return top.encoded
  }
}
