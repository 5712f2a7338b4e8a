internal import AccessLog
internal import Queries
internal import TraceStore

/// Adds rollups up over spans of time (docs/explanation/decisions/0010-coarse-rollups.md).
///
/// Only over spans that are *closed*, which end before the newest unit of time that was correlated: the others change with
/// every line that comes. Spans are derived from rows that stand in the same database, so that what a crash leaves out is
/// made the next time.
struct SpanBuilder {
  private let writer: StoreWriter
  private let reader: StoreReader

  init(_ writer: StoreWriter) {
    self.writer = writer
    reader = writer.reader()
  }

  /// Whether there is anything to add up.
  static func hasWork(_ reader: StoreReader) throws -> Bool {
    guard let closed = try reader.newestUnitStart() else { return false }
    return try RollupSpan.widths.contains { width in
      try !reader.missingSpans(width, closed: closed, limit: 1).isEmpty
    }
  }

  /// Adds up what is not yet, in transactions of its own.
  /// - Parameter limit: spans of each width at most, the newest first; nil for all.
  /// - Throws: `StoreError`
  func run(limit: Int? = nil) throws {
    while try build(atMost: limit ?? SpanLimits.perIngest), limit == nil {}
  }

  /// One transaction: what is wider is made of what is narrower, so all of that must be there, and stay.
  /// - Returns: whether there may be more.
  private func build(atMost limit: Int) throws -> Bool {
    try writer.begin()
    var mayBeMore = false
    let closed = try reader.newestUnitStart() ?? .min
    for width in RollupSpan.widths where !mayBeMore {
      let missing = try reader.missingSpans(width, closed: closed, limit: limit)
      for span in missing { try build(span) }
      mayBeMore = missing.count == limit
    }
    try writer.commit()
    return mayBeMore
  }

  private func build(_ span: RollupSpan) throws {
    let isNarrowest = span.width == RollupSpan.connectionWidth
    var sum = SpanSum(span)
    var connections = ConnectionSets()
    for segment in try RollupPlan(reader, span.range, narrowerThan: span.width).list {
      let isSpan = segment.width > 0
      try reader.run(isSpan ? .legSpans : .legs, segment.parameters) { row in
        if !sum.isTooLarge { sum.add(row, isSpan: isSpan) }
        if isNarrowest { connections.add(row) }
      }
    }
    let hasConnections =
      isNarrowest
      ? !connections.isTooLarge : try reader.haveConnections(RollupSpan.connectionWidth, in: span.range)
    try writer.write(
      span, hasConnections: hasConnections, sum.isWorthwhile ? sum.legs : [],
      isNarrowest && hasConnections ? connections.spans : [])
  }
}
