internal import AccessLog
package import Correlation
internal import GRDBSQLite

/// Hops as correlation wants them, and what their indices mean.
package struct LoadedHops: Sendable {
  /// By start, then source and line: an order that does not depend on how they came in.
  package var hops: [Hop] = []
  /// `mesh cluster/namespace/pod`, or the log's name where no pod is known; sorted.
  package var pods: [String] = []
  package var meshClusters: [String] = []
  /// `mesh cluster/namespace/workload`; sorted.
  package var workloads: [String] = []
  /// `host:port`; sorted.
  package var services: [String] = []
  /// For each pod the `source.id` of the first of its logs.
  package var podSources: [Int64] = []
  /// For each service the `text.id` of its host, and its port (0 where missing).
  package var serviceIDs: [(host: Int64, port: Int64)] = []
  /// Address keys that are hashes → the address as the store keeps it.
  package var textAddresses: [Int64: Int64] = [:]

  /// The address behind an address key, as the store keeps it.
  package func storedAddress(_ key: Int64) -> Int64 { key >= 0 ? key : textAddresses[key] ?? 0 }
}

extension StoreReader {
  /// Loads hops whose start lies in a range, or all of them.
  ///
  /// A connection that was open during a range may have started long before it: those of 15 s and more are found
  /// by an index of their own and come first. Indices are dense over the whole store and ordered by text; content keys are hashes of the
  /// text's bytes: the same lines give the same hops in whatever order they were stored, but for `Hop.id` where
  /// two hops wanted the same key. About 200 bytes per hop.
  /// - Parameter range: of starts, microseconds since the epoch.
  /// - Returns: the hops, and the names that their indices stand for.
  /// - Throws: `StoreError`.
  package func loadHops(startingIn range: ClosedRange<Int64>? = nil) throws -> LoadedHops {
    try snapshot {
      let sources = try SourceIndex(self)
      let texts = try TextIndex(connection)
      let attributes = try AttributeIndex(self, texts)
      var loaded = LoadedHops()
      loaded.pods = sources.pods.names
      loaded.meshClusters = sources.meshClusters.names
      loaded.workloads = sources.workloads.names
      loaded.services = attributes.services.names
      loaded.podSources = sources.firstOfPod
      loaded.serviceIDs = attributes.serviceIDs
      if let range { try loadLong(openAt: range.lowerBound, sources, attributes, texts, into: &loaded.hops) }
      var block = LoadBlock()
      let statement = try connection.statement(HopColumns.select)
      let bounds = HopKey.range(ofStarts: range)
      statement.bind(1, bounds.lowerBound)
      statement.bind(2, bounds.upperBound)
      while try statement.step() {
        let row = try LoadedRow(statement, sources, attributes, texts)
        if range?.contains(row.hop.start) ?? true { block.add(row, to: &loaded.hops) }
      }
      block.flush(to: &loaded.hops)
      loaded.textAddresses = texts.textAddresses
      return loaded
    }
  }
}

extension StoreReader {
  /// Hops of 15 s and more that had started before an instant and had not ended by then.
  private func loadLong(
    openAt instant: Int64, _ sources: SourceIndex, _ attributes: AttributeIndex, _ texts: TextIndex,
    into hops: inout [Hop]
  ) throws {
    let statement = try connection.statement(HopColumns.selectLong)
    statement.bind(1, instant)
    var rows: [LoadedRow] = []
    while try statement.step() { rows.append(try LoadedRow(statement, sources, attributes, texts)) }
    hops += LoadedRow.sorted(rows).map(\.hop)
  }

  /// How many hops start in each stretch of time, by the stretch's number since 1970; empty ones are left out.
  package func hopCounts(stretchMilliseconds: Int64) throws -> [(stretch: Int64, hops: Int64)] {
    var counts: [(stretch: Int64, hops: Int64)] = []
    let sql = """
      SELECT (id >> \(HopKey.hashBits)) / :milliseconds, count(*) FROM hop GROUP BY 1 ORDER BY 1
      """
    try rows(sql, ["milliseconds": .integer(stretchMilliseconds)]) { row in
      counts.append((row.integer(0) ?? 0, row.integer(1) ?? 0))
    }
    return counts
  }
}

extension HopKey {
  /// Milliseconds that collisions may have moved a key: 64 full milliseconds of a million hops each.
  private static let slack: Int64 = 64

  /// Keys that hops with these starts can have.
  static func range(ofStarts range: ClosedRange<Int64>?) -> ClosedRange<Int64> {
    guard let range else { return Int64.min...Int64.max }
    let first = min(millisecond(ofStart: clamped(range.lowerBound)), lastMillisecond - slack)
    let last = min(millisecond(ofStart: clamped(range.upperBound)) + slack, lastMillisecond)
    return first << hashBits...(last << hashBits | hashMask)
  }
}

/// Columns of the load, in the order of the SELECT.
private enum HopColumns {
  static let select = """
    SELECT id, start_offset_us, source, line, attributes, path, user_agent, duration_us, bytes_received, bytes_sent,
      upstream_local, downstream_remote, precision, request_id, trace_id
    FROM hop WHERE id BETWEEN ? AND ?
    """

  /// The index `hop_long` has them; a duration that was never true must not overflow.
  static let selectLong =
    select.replacing(
      "FROM hop WHERE id BETWEEN ? AND ?",
      with: """
        FROM hop INDEXED BY hop_long WHERE duration_us >= 15000000
          AND (id >> 20) * 1000 + start_offset_us < ?1
          AND (id >> 20) * 1000 + start_offset_us + min(duration_us, 1 << 60) >= ?1
        """)
}

/// The hops of one millisecond: the database has them in the order of their hashes, and correlation wants them by
/// start, source and line.
private struct LoadBlock {
  private var rows: [LoadedRow] = []

  @inline(__always)
  mutating func add(_ row: LoadedRow, to hops: inout [Hop]) {
    if let last = rows.last, last.hop.id >> HopKey.hashBits != row.hop.id >> HopKey.hashBits {
      flush(to: &hops)
    }
    rows.append(row)
  }

  mutating func flush(to hops: inout [Hop]) {
    if rows.count > 1 { rows = LoadedRow.sorted(rows) }
    for row in rows { hops.append(row.hop) }
    rows.removeAll(keepingCapacity: true)
  }
}

/// A hop with what it is ordered by.
private struct LoadedRow {
  var hop: Hop
  var source: Int32
  var line: Int64

  static func sorted(_ rows: [LoadedRow]) -> [LoadedRow] {
    rows.sorted {
      ($0.hop.start, $0.source, $0.line, $0.hop.id) < ($1.hop.start, $1.source, $1.line, $1.hop.id)
    }
  }

  /// Reads the row that the statement is at; columns are numbered as in `HopColumns.select`.
  init(
    _ row: RawStatement, _ sources: SourceIndex, _ attributes: AttributeIndex, _ texts: TextIndex
  ) throws {
    let id = row.integer(0)
    let from = sources[row.integer(2)]
    let set = attributes[row.integer(4)]
    let path = try texts.key(row, 5)
    let agent = try texts.key(row, 6)
    let precision = PrecisionCode.decode(row.integer(12))
    source = from.rank
    line = row.integer(3)
    hop = Hop(
      id: id, role: set.role, pod: from.pod, meshCluster: from.meshCluster, workload: from.workload,
      service: set.service, start: (id >> HopKey.hashBits) &* 1000 &+ row.integer(1),
      duration: row.optionalInteger(7) ?? -1, startPrecision: precision.startMicroseconds,
      durationPrecision: precision.durationMicroseconds, requestID: try row.wideKey(13, texts),
      traceID: try row.wideKey(14, texts),
      upstreamHost: set.upstreamHost, upstreamLocal: try texts.address(row.integer(10)),
      downstreamLocal: set.downstreamLocal, downstreamRemote: try texts.address(row.integer(11)),
      content: ByteHash.mix(ByteHash.mix(set.content, path.hash), agent.hash),
      route: ByteHash.mix(set.method.hash, path.route),
      headerBytes: Int32(clamping: Int(set.headerBytes) + Int(path.bytes) + Int(agent.bytes)),
      bytesReceived: row.optionalInteger(8) ?? -1, bytesSent: row.optionalInteger(9) ?? -1,
      responseCode: set.responseCode, flags: set.flags, httpVersion: set.httpVersion)
  }
}

extension RawStatement {
  /// An identifier's 128 bits, whatever its form; those of other text are a hash.
  func wideKey(_ column: Int32, _ texts: TextIndex) throws(SQLiteFailure) -> WideKey {
    switch type(column) {
    case SQLITE_BLOB:
      return unsafe withBytes(column) { bytes in
        guard bytes.count == 16 else { return .missing }
        return unsafe WideKey(
          high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
      }
    case SQLITE_TEXT:
      return unsafe withBytes(column) { bytes in
        if let words = unsafe IdentifierText.parse(bytes) { return WideKey(high: words.high, low: words.low) }
        return unsafe WideKey(textHash: ByteHash.of(bytes))
      }
    case SQLITE_INTEGER:
      return WideKey(textHash: try texts.key(id: integer(column)).hash)
    default: return .missing
    }
  }
}

extension WideKey {
  /// Of an identifier that is neither a UUID nor 32 hex digits; never missing.
  init(textHash: UInt64) {
    self.init(high: textHash, low: ByteHash.mix(textHash, 1) | 1)
  }
}
