internal import AccessLog
internal import Queries
internal import TraceStore

/// Whether spans of rollups are what their units add up to.
struct SpanCheck {
  private let reader: StoreReader

  init(_ reader: StoreReader) { self.reader = reader }

  /// - Returns: what is wrong, a sentence each.
  /// - Throws: `StoreError`
  func problems() throws -> [String] {
    var wrong: [RollupSpan] = []
    for (span, state) in try reader.rollupSpans() where try !isRight(span, state) { wrong.append(span) }
    var problems = wrong.prefix(SpanCheck.shown).map { span in
      "the rollups of \(LoadBuckets.words(span.width)) from \(Instant.text(span.bucket, digits: 0)) are not the sum of "
        + "their units: run `meshweft correlate --all`"
    }
    if wrong.count > SpanCheck.shown {
      problems.append(
        "\(wrong.count - SpanCheck.shown) more rollups of wider spans are not the sum of their units")
    }
    let stray = try reader.strayRollupSpans()
    if stray > 0 { problems.append("\(stray) rows of rollups are of spans that are not listed") }
    return problems
  }

  private static let shown = 8

  private func isRight(_ span: RollupSpan, _ state: SpanState) throws -> Bool {
    guard try reader.wrongPeaks(of: span) == 0 else { return false }
    let stored = try StoredSpan(reader, span)
    guard Int64(stored.legs.count) == state.legs else { return false }
    let hasOwnConnections = span.width == RollupSpan.connectionWidth && state.hasConnections
    guard hasOwnConnections || stored.connections.isEmpty else { return false }
    // What was not added up because it is too much is not held to it here either.
    var sum = SpanSum(span)
    var connections = ConnectionSets()
    let range: [String: SQLValue] = [
      "since_us": .integer(span.range.lowerBound), "until_us": .integer(span.range.upperBound),
    ]
    try reader.run(.legs, range) { row in
      if state.legs > 0 { sum.add(row, isSpan: false) }
      if hasOwnConnections { connections.add(row) }
    }
    return (state.legs == 0 || sum.legs == stored.legs)
      && (!hasOwnConnections || connections.spans == stored.connections)
  }
}

/// What is stored of a span.
private struct StoredSpan {
  private(set) var legs: [LegSpan] = []
  private(set) var connections: [ConnectionSpan] = []

  init(_ reader: StoreReader, _ span: RollupSpan) throws {
    var parameters: [String: SQLValue] = [
      "since_us": .integer(span.range.lowerBound), "until_us": .integer(span.range.upperBound),
    ]
    if span.width == RollupSpan.connectionWidth {
      try reader.run(.connectionSpans, parameters) { row in
        var keys: [UInt64] = []
        row.forEachKey(2) { keys.append($0) }
        connections.append(ConnectionSpan(groups: row.bytes(1), keys: keys))
      }
    }
    parameters["width_us"] = .integer(span.width)
    try reader.run(.legSpans, parameters) { legs.append(LegSpan($0)) }
    legs.sort { ($0.group, $0.kind) < ($1.group, $1.kind) }
  }
}

extension LegSpan {
  /// From a row of leg_spans.sql; which kind it is follows from what is in it.
  fileprivate init(_ row: SQLRow) {
    assert(row.begins(with: LegColumn.spanNames))
    let attempts = row.number(LegColumn.attempts)
    let (clientTimes, serverTimes) = (row.bytes(LegColumn.clientTimes), row.bytes(LegColumn.serverTimes))
    self.init(
      group: row.number(LegColumn.group),
      kind: LegSpan.kind(
        attempts: attempts, hasClientTimes: !clientTimes.isEmpty, hasServerTimes: !serverTimes.isEmpty))
    requests = row.number(LegColumn.requests)
    self.attempts = attempts
    busy = row.number(LegColumn.busy)
    bytesSent = row.number(LegColumn.bytesSent)
    bytesReceived = row.number(LegColumn.bytesReceived)
    firstStart = row.number(LegColumn.firstStart)
    lastStart = row.number(LegColumn.lastStart)
    minutes = row.bytes(LegColumn.packed)
    confidenceSum = row.number(LegColumn.confidenceSum)
    confidenceMin = row.number(LegColumn.confidenceMin)
    self.clientTimes = clientTimes
    self.serverTimes = serverTimes
    borderTimes = row.bytes(LegColumn.borderTimes)
  }
}
