internal import AccessLog
internal import TraceStore

/// What the rows of a span of time add up to, by group and kind.
struct SpanSum {
  private struct Key: Hashable {
    var group: Int64
    var kind: Int64
  }

  private struct Sum {
    var leg: LegSpan
    var minutes: MinuteCounts
  }

  private let span: RollupSpan
  private var sums: [Key: Sum] = [:]
  /// Rows that were added up.
  private(set) var rows = 0
  /// About what `sums` takes.
  private var bytes = 0

  /// Of a sum without histograms; measured.
  private static let bytesOfSum = 500

  init(_ span: RollupSpan) { self.span = span }

  /// Whether it takes more memory than it may.
  var isTooLarge: Bool { bytes > SpanLimits.bytes }

  /// Whether reading it is much less than reading what it was made of.
  var isWorthwhile: Bool { !isTooLarge && sums.count * SpanLimits.rowsPerRow <= rows }

  /// Adds a row of legs.sql, or of leg_spans.sql for a narrower span. Rows of a group come in the order of time.
  mutating func add(_ row: SQLRow, isSpan: Bool) {
    assert(row.begins(with: isSpan ? LegColumn.spanNames : LegColumn.names))
    rows += 1
    let group = row.number(LegColumn.group)
    let attempts = row.number(LegColumn.attempts)
    let kind = LegSpan.kind(
      attempts: attempts, hasClientTimes: row.withBytes(LegColumn.clientTimes) { !$0.isEmpty },
      hasServerTimes: row.withBytes(LegColumn.serverTimes) { !$0.isEmpty })
    let key = Key(group: group, kind: kind)
    var sum = sums.removeValue(forKey: key) ?? newSum(key)
    let before = sum.leg.packedBytes
    sum.leg.add(row)
    bytes += sum.leg.packedBytes - before
    let bucket = row.number(LegColumn.bucket)
    if isSpan {
      row.withBytes(LegColumn.packed) { MinuteCounts.forEach($0, from: bucket) { sum.minutes.add($0, $1) } }
    } else {
      sum.minutes.add(LegTable.minuteStart(bucket), attempts)
    }
    sums[key] = sum
  }

  private mutating func newSum(_ key: Key) -> Sum {
    bytes += SpanSum.bytesOfSum
    return Sum(leg: LegSpan(group: key.group, kind: key.kind), minutes: MinuteCounts(bucket: span.bucket))
  }

  /// By group and kind.
  var legs: [LegSpan] {
    let legs = sums.values.map { sum in
      var (leg, minutes) = (sum.leg, sum.minutes)
      minutes.finish()
      leg.minutes = minutes.encoded
      return leg
    }
    return legs.sorted { ($0.group, $0.kind) < ($1.group, $1.kind) }
  }
}

extension LegSpan {
  fileprivate var packedBytes: Int { clientTimes.count + serverTimes.count + borderTimes.count }

  /// All but its minutes.
  fileprivate mutating func add(_ row: SQLRow) {
    // A damaged row may say anything: adding it must not end the program.
    requests &+= row.number(LegColumn.requests)
    attempts &+= row.number(LegColumn.attempts)
    busy &+= row.number(LegColumn.busy)
    bytesSent &+= row.number(LegColumn.bytesSent)
    bytesReceived &+= row.number(LegColumn.bytesReceived)
    firstStart = min(firstStart, row.number(LegColumn.firstStart))
    lastStart = max(lastStart, row.number(LegColumn.lastStart))
    confidenceSum &+= row.number(LegColumn.confidenceSum)
    confidenceMin = min(confidenceMin, row.number(LegColumn.confidenceMin))
    row.withBytes(LegColumn.clientTimes) { clientTimes = DurationHistogram.adding(clientTimes.span, $0) }
    row.withBytes(LegColumn.serverTimes) { serverTimes = DurationHistogram.adding(serverTimes.span, $0) }
    row.withBytes(LegColumn.borderTimes) { borderTimes = DurationHistogram.adding(borderTimes.span, $0) }
  }
}
