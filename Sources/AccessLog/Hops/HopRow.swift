/// One hop: integers only, 0 bytes of text. Missing numbers are `HopRow.missing`.
package struct HopRow: Sendable {
  package static let missing = Int64.min

  /// Microseconds since the Unix epoch.
  package var startMicroseconds: Int64
  /// Of the source's identity, the line's body and its occurrence: what tells it from others, and what orders it among
  /// those of its millisecond (`LineIdentities`).
  package var identity: (high: UInt64, low: UInt64)
  /// Index of the source, and the 1-based line in it.
  package var source: Int32
  package var line: Int64
  package var attributes: Int32
  package var path: TextRef
  package var userAgent: TextRef
  package var forwardedFor: TextRef
  package var requestID: IdentifierRef
  package var traceID: IdentifierRef
  package var upstreamLocal: Address
  package var downstreamRemote: Address
  /// Microseconds; the line's own precision is in `precision`.
  package var durationMicroseconds: Int64
  package var upstreamServiceTimeMilliseconds: Int64
  package var bytesReceived: Int64
  package var bytesSent: Int64
  package var precision: TimePrecision
  package var anomalies: Anomalies

  package init(
    startMicroseconds: Int64, identity: (high: UInt64, low: UInt64), source: Int32, line: Int64,
    attributes: Int32, path: TextRef, userAgent: TextRef, forwardedFor: TextRef, requestID: IdentifierRef,
    traceID: IdentifierRef, upstreamLocal: Address, downstreamRemote: Address, durationMicroseconds: Int64,
    upstreamServiceTimeMilliseconds: Int64, bytesReceived: Int64, bytesSent: Int64,
    precision: TimePrecision, anomalies: Anomalies
  ) {
    self.startMicroseconds = startMicroseconds
    self.identity = identity
    self.source = source
    self.line = line
    self.attributes = attributes
    self.path = path
    self.userAgent = userAgent
    self.forwardedFor = forwardedFor
    self.requestID = requestID
    self.traceID = traceID
    self.upstreamLocal = upstreamLocal
    self.downstreamRemote = downstreamRemote
    self.durationMicroseconds = durationMicroseconds
    self.upstreamServiceTimeMilliseconds = upstreamServiceTimeMilliseconds
    self.bytesReceived = bytesReceived
    self.bytesSent = bytesSent
    self.precision = precision
    self.anomalies = anomalies
  }
}
