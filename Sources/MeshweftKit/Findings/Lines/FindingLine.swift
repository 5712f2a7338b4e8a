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

  /// Microseconds since the epoch.
  var end: Int64 { start + duration }

  /// A duration or a size, 0 where missing or negative: no more than 51 days or 4 TB, so that those of all lines that are
  /// read (`FindingLimits.lines`) can be added up, whatever stands there.
  static func bounded(_ value: Int64?) -> Int64 { min(max(0, value ?? 0), 1 << 42) }
}
