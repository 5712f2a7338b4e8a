internal import TraceStore

/// Attempts by minute, as a span of the rollup keeps them (`LegSpan.minutes`).
struct MinuteCounts {
  private(set) var encoded: [UInt8] = []
  /// Start of the span and of the last minute, microseconds since the epoch.
  private let bucket: Int64
  private var minute: Int64
  private var attempts: Int64 = 0
  private var isEmpty = true

  init(bucket: Int64) {
    self.bucket = bucket
    minute = bucket
  }

  /// Minutes come in the order of time, each any number of times.
  mutating func add(_ start: Int64, _ attempts: Int64) {
    if isEmpty || start != minute {
      finish()
      LEB128.append(UInt64(max(0, start - minute) / LegTable.minute), to: &encoded)
      (minute, isEmpty) = (start, false)
    }
    self.attempts &+= attempts
  }

  /// After the last one.
  mutating func finish() {
    if !isEmpty { LEB128.append(UInt64(max(0, attempts)), to: &encoded) }
    (attempts, isEmpty) = (0, true)
  }

  /// Hands out what was encoded; what is damaged is left out.
  static func forEach(
    _ encoded: Span<UInt8>, from bucket: Int64, _ body: (_ start: Int64, _ attempts: Int64) -> Void
  ) {
    var start = bucket
    var offset = 0
    while let distance = LEB128.next(encoded, &offset), let attempts = LEB128.next(encoded, &offset) {
      guard distance < minutesOfDay, attempts <= UInt64(Int64.max) else { return }
      start += Int64(distance) * LegTable.minute
      body(start, Int64(attempts))
    }
  }

  private static let minutesOfDay: UInt64 = 1440
}
