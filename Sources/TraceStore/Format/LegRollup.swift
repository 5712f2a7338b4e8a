/// What a group of attempts adds up to in one minute, or in the shorter unit of time that is correlated at once.
package struct LegRollup: Sendable, Equatable {
  /// Start of the unit, microseconds since the epoch.
  package var bucket: Int64
  package var group: LegGroup
  package var requests: Int64 = 0
  package var attempts: Int64 = 0
  /// Sums in microseconds.
  package var clientTime: Int64 = 0
  package var serverTime: Int64 = 0
  package var busy: Int64 = 0
  package var bytesSent: Int64 = 0
  package var bytesReceived: Int64 = 0
  /// Sum over the requests, and the smallest, in ten-thousandths.
  package var confidenceSum: Int64 = 0
  package var confidenceMin: Int64 = 10_000
  /// Of attempts: first start and last start, microseconds since the epoch.
  package var firstStart: Int64
  package var lastStart: Int64
  /// Durations as `DurationHistogram` writes them.
  package var clientTimes: [UInt8] = []
  package var serverTimes: [UInt8] = []
  package var borderTimes: [UInt8] = []
  /// The attempts that took longest, and those whose border cost most, as `TopAttempts` writes them.
  package var slowest: [UInt8] = []
  package var costliest: [UInt8] = []
  /// Keys of the connections, ascending.
  package var connections: [UInt64] = []

  package init(bucket: Int64, group: LegGroup, firstStart: Int64) {
    self.bucket = bucket
    self.group = group
    self.firstStart = firstStart
    lastStart = firstStart
  }
}
