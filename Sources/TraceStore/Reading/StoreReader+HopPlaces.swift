extension StoreReader {
  /// The hops of a line of a log: more than one where several logs have its name, or lines were told apart by nothing else.
  /// Reads all hops' numbers. In the order of keys.
  package func hops(ofLine line: Int64, of source: String) throws -> [Int64] {
    try keys(
      """
      SELECT h.id FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
      WHERE h.line = :line AND a.source IN (SELECT id FROM source WHERE name = :source) ORDER BY h.id
      """, ["line": .integer(line), "source": .text(source)])
  }

  /// Hops that started within a range of microseconds since the epoch, in the order of keys.
  package func hops(startingIn range: Range<Int64>) throws -> [Int64] {
    let keys = HopKey.range(ofStarts: range.lowerBound...max(range.lowerBound, range.upperBound - 1))
    return try self.keys(
      """
      SELECT id FROM hop WHERE id BETWEEN :first AND :last
        AND (id >> 20) * 1000 + start_offset_us >= :from AND (id >> 20) * 1000 + start_offset_us < :to ORDER BY id
      """,
      [
        "first": .integer(keys.lowerBound), "last": .integer(keys.upperBound),
        "from": .integer(range.lowerBound), "to": .integer(range.upperBound),
      ])
  }

  /// The first hops of traces that got a made-up id, which no hop has and no index holds, and whose id starts with some
  /// hex digits. Looks at every hop that has no id of 128 bits.
  package func roots(withMadeUpID digits: String) throws -> [(root: Int64, id: String)] {
    var found: [(root: Int64, id: String)] = []
    try rows(MadeUpIDs.roots, [:]) { row in
      let hop = StoredHop(row)
      let id = StoredTrace.id(of: hop)
      if id.hasPrefix(digits) { found.append((hop.id, id)) }
    }
    return found
  }

  private func keys(_ sql: String, _ parameters: [String: SQLValue]) throws -> [Int64] {
    var keys: [Int64] = []
    try rows(sql, parameters) { keys.append($0.number(0)) }
    return keys
  }
}

private enum MadeUpIDs {
  /// What `StoredTrace.id` looks at; the other columns of the view cost time, and are NULL.
  private static let wanted: Set<String> = [
    "id", "start_us", "duration_us", "source", "mesh_cluster", "namespace", "pod", "method", "path",
    "request_id", "trace_id", "upstream_host", "upstream_local_address", "downstream_remote_address",
    "bytes_received", "bytes_sent",
  ]

  static let roots = """
    SELECT \(HopsView.names.map { wanted.contains($0) ? $0 : "NULL AS \($0)" }.joined(separator: ", ")) FROM hops
    WHERE id IN (SELECT h.id FROM hop h WHERE typeof(h.request_id) <> 'blob' AND typeof(h.trace_id) <> 'blob'
      AND NOT EXISTS (SELECT 1 FROM link l WHERE l.hop = h.id AND ifnull(l.trace, l.parent) <> l.hop))
    """
}
