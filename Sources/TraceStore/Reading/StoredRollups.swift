/// Reads single rows of the rollups. For one thread, within one `snapshot` of the reader.
package final class StoredRollups {
  private let findGroup, findLeg, findPeak: RawStatement

  package init(_ reader: StoreReader) throws {
    findGroup = try reader.connection.statement(RollupSQL.findGroup)
    findLeg = try reader.connection.statement(
      "SELECT \(RollupSQL.legColumns) FROM leg_rollup WHERE bucket_us = ? AND leg_group = ?")
    findPeak = try reader.connection.statement(
      """
      SELECT in_flight FROM leg_peak WHERE (bucket_us, series, service_host, service_port, key, host_source)
        = (?, ?, ?, ?, ?, ?)
      """)
  }

  /// What a group adds up to in a bucket; nil where nothing is counted there.
  /// - Throws: `StoreError`
  package func leg(_ bucket: Int64, _ group: LegGroup) throws -> LegRollup? {
    RollupSQL.bind(group, to: findGroup)
    defer {
      findGroup.reset()
      findLeg.reset()
    }
    guard try findGroup.step() else { return nil }
    findLeg.bind(1, bucket)
    findLeg.bind(2, findGroup.integer(0))
    return try findLeg.step() ? LegRollup(findLeg, group) : nil
  }

  /// How many requests of the same series were in flight at once in the same bucket, as far as that is stored.
  /// - Throws: `StoreError`
  package func inFlight(_ peak: LegPeak) throws -> Int64? {
    assert(peak.primaryKey.count == 6, "a parameter for each")
    for (index, number) in peak.primaryKey.enumerated() { findPeak.bind(Int32(index) + 1, number) }
    defer { findPeak.reset() }
    return try findPeak.step() ? findPeak.integer(0) : nil
  }
}

extension LegRollup {
  /// From a row of `RollupSQL.legColumns`.
  fileprivate init(_ row: RawStatement, _ group: LegGroup) {
    self.init(bucket: row.integer(0), group: group, firstStart: row.integer(12))
    requests = row.integer(2)
    attempts = row.integer(3)
    clientTime = row.integer(5)
    serverTime = row.integer(6)
    busy = row.integer(7)
    bytesSent = row.integer(8)
    bytesReceived = row.integer(9)
    confidenceSum = row.integer(10)
    confidenceMin = row.integer(11)
    lastStart = row.integer(13)
    // Safe: blobs are copied before the statement steps on.
    let keys = unsafe row.withBytes(14) { unsafe Array($0) }
    connections = stride(from: 0, to: keys.count - 7, by: 8).map { place in
      (0..<8).reduce(0) { $0 | UInt64(keys[place + $1]) << UInt64($1 * 8) }
    }
    clientTimes = unsafe row.withBytes(15) { unsafe Array($0) }
    serverTimes = unsafe row.withBytes(16) { unsafe Array($0) }
    borderTimes = unsafe row.withBytes(17) { unsafe Array($0) }
    slowest = unsafe row.withBytes(18) { unsafe Array($0) }
    costliest = unsafe row.withBytes(19) { unsafe Array($0) }
  }
}
