/// What a hop's own values add to its attribute set: they are the same for nearly all hops of a log.
package struct HopOwn: Sendable {
  package var source: Int32
  package var upstreamLocalIP: Int64?
  package var downstreamRemoteIP: Int64?
  /// Index of the text that `OwnAddress.ofCaller` gave; -1 for none.
  var caller: Int32 = -1
  package var precision: TimePrecision
  package var anomalies: Anomalies

  package init(
    source: Int32, upstreamLocal: Address, downstreamRemote: Address, precision: TimePrecision,
    anomalies: Anomalies
  ) {
    self.source = source
    upstreamLocalIP = upstreamLocal.ipv4
    let remote = downstreamRemote.ipv4
    downstreamRemoteIP = upstreamLocalIP == remote || upstreamLocal == .missing ? remote : nil
    self.precision = precision
    self.anomalies = anomalies
  }

  /// Three numbers that differ where any of these do.
  @inline(__always)
  var words: (UInt64, UInt64, UInt64) {
    // One of the two at most is another number than the other.
    let ip = (upstreamLocalIP ?? downstreamRemoteIP).map { UInt64($0) | 1 << 32 } ?? 0
    let shared: UInt64 = (downstreamRemoteIP == nil ? 0 : 1 << 33) | (upstreamLocalIP == nil ? 0 : 1 << 34)
    let start = UInt64(UInt32(bitPattern: precision.startMicroseconds))
    let duration = UInt64(UInt32(bitPattern: precision.durationMicroseconds))
    let odd = UInt64(anomalies.rawValue)
    let caller = UInt64(UInt32(bitPattern: caller) &+ 1) << 34
    return (ip | shared | caller, start << 32 | duration, odd << 32 | UInt64(UInt32(bitPattern: source)))
  }
}
