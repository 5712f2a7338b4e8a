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
  package static func start(_ time: Int64, _ width: Int64) -> Int64 {
    assert(width > 0)
    return time - (time % width + width) % width
  }
}
