internal import Correlation

/// One line: numbers only.
struct FindingLine {
  var id: Int64
  /// Microseconds since the epoch.
  var start: Int64
  /// Microseconds; 0 where missing.
  var duration: Int64
  /// An index of `FindingLines.sets`.
  var set: Int32
  /// An index of `FindingLines.paths`.
  var path: Int32
  var status: CarrierStatus
  /// Addresses as the store keeps them, 0 where missing.
  var upstreamLocal: Int64
  var downstreamRemote: Int64
  var received: Int64
  var sent: Int64
  /// Places of other lines, -1 where there are none.
  var parent: Int32 = -1
  var carrier: Int32 = -1
  /// Of a ztunnel's connection: requests that went over it have lines of their own.
  var isCarrying = false

  /// Microseconds since the epoch; of a duration that cannot be, so late that nothing overflows.
  var end: Int64 { start &+ min(duration, 1 << 60) }
}
