/// How wide the buckets of `load` are where nobody says.
enum LoadBuckets {
  /// Buckets with anything in them that a report may have: about a screen per host.
  static let most = 60

  private static let widths: [(minutes: Int64, words: String)] = [
    (1, "1 minute"), (5, "5 minutes"), (15, "15 minutes"), (60, "1 hour"), (360, "6 hours"), (1440, "1 day"),
    (10_080, "7 days"),
  ]

  /// Microseconds: the narrowest width that makes few enough buckets. What counts is time in which there is
  /// something: a single line of another year makes one bucket more, not a year of them.
  static func fittingWidth(_ table: LegTable) throws -> Int64 {
    for (width, _) in widths {
      let count = try table.count(width: width * LegTable.minute, atMost: most + 1)
      if count <= most { return width * LegTable.minute }
    }
    return (widths.last?.minutes ?? 1) * LegTable.minute
  }

  static func words(_ width: Int64) -> String {
    widths.first { $0.minutes * LegTable.minute == width }?.words ?? "\(width / LegTable.minute) minutes"
  }
}

extension DurationSum {
  /// p50, p90 and p99 as cells.
  var quantiles: [Report.Value] {
    let shares = [0.5, 0.9, 0.99]
    let found = quantiles(shares)
    return found.isEmpty ? shares.map { _ in .missing } : found.map(Report.Value.milliseconds)
  }
}
