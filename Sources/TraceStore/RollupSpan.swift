/// A span of time over which rollups are added up, aligned to multiples of its width since 1970.
package struct RollupSpan: Sendable, Hashable {
  /// Microseconds: one of `widths`.
  package var width: Int64
  /// Its start, microseconds since the epoch.
  package var bucket: Int64

  package init(width: Int64, bucket: Int64) {
    self.width = width
    self.bucket = bucket
  }

  /// Starts that it covers.
  package var range: Range<Int64> { bucket..<bucket + width }

  /// Five minutes, an hour, a day: each a whole number of the one before, and of minutes.
  package static let widths: [Int64] = [300_000_000, 3_600_000_000, 86_400_000_000]

  /// The width of spans that connections are kept by: keys hardly repeat in wider ones.
  package static let connectionWidth = widths[0]

  /// The start of the stretch of some width that a time lies in, both in microseconds.
  package static func start(_ time: Int64, _ width: Int64) -> Int64 { time - (time % width + width) % width }
}

/// What is known of a span that was looked at.
package struct SpanState: Sendable, Equatable {
  /// Its rows of `leg_span`; 0 where adding up would have saved little.
  package var legs: Int64
  /// Whether `connection_span` has the connections of all its time.
  package var hasConnections: Bool

  package init(legs: Int64, hasConnections: Bool) {
    self.legs = legs
    self.hasConnections = hasConnections
  }
}

/// What the rows of one group and kind add up to in a span. Times in microseconds.
package struct LegSpan: Sendable, Equatable {
  /// `leg_group.id`
  package var group: Int64
  /// See `LegSpan.kind(…)`.
  package var kind: Int64
  package var requests: Int64 = 0
  package var attempts: Int64 = 0
  package var busy: Int64 = 0
  package var bytesSent: Int64 = 0
  package var bytesReceived: Int64 = 0
  package var firstStart = Int64.max
  package var lastStart = Int64.min
  /// Attempts by minute: for each minute that has a row its distance in minutes from the last one, the first one's from the
  /// span's start, and its attempts, both LEB128.
  package var minutes: [UInt8] = []
  /// In ten-thousandths.
  package var confidenceSum: Int64 = 0
  package var confidenceMin: Int64 = 10_000
  /// Durations as `RoundedTimes` writes them.
  package var clientTimes: [UInt8] = []
  package var serverTimes: [UInt8] = []
  package var borderTimes: [UInt8] = []

  package init(group: Int64, kind: Int64) {
    self.group = group
    self.kind = kind
  }

  /// Rows are added up with those that are alike in what reports ask of a single row: whether it has attempts (1), times of
  /// clients (2), and times of servers (4). A report takes the other end's times where one end has none.
  package static func kind(attempts: Int64, hasClientTimes: Bool, hasServerTimes: Bool) -> Int64 {
    (attempts > 0 ? 1 : 0) + (hasClientTimes ? 2 : 0) + (hasServerTimes ? 4 : 0)
  }
}

/// Connections of a span that were met under the same groups: most connections have requests of several.
package struct ConnectionSpan: Sendable, Equatable {
  /// Ascending, LEB128 each: `leg_group.id` × 2, + 1 where it was a row with attempts.
  package var groups: [UInt8]
  /// Ascending.
  package var keys: [UInt64]

  package init(groups: [UInt8], keys: [UInt64]) {
    self.groups = groups
    self.keys = keys
  }
}
