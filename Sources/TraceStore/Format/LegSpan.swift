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
  /// Durations as `DurationHistogram` writes them.
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
