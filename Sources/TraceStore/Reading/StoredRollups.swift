/// Reads single rows of the rollups. For one thread, within one `snapshot` of the reader.
package final class StoredRollups {
  private let findGroup, findLeg, findPeak: RawStatement

  package init(_ reader: StoreReader) throws {
    findGroup = try reader.connection.statement(LegGroup.find)
    findLeg = try reader.connection.statement(
      "SELECT \(LegRollup.row.names) FROM leg_rollup WHERE bucket_us = ? AND leg_group = ?")
    findPeak = try reader.connection.statement(
      """
      SELECT in_flight FROM leg_peak WHERE (bucket_us, series, service_host, service_port, key, host_source)
        = (?, ?, ?, ?, ?, ?)
      """)
  }

  /// What a group adds up to in a bucket; nil where nothing is counted there.
  /// - Throws: `StoreError`
  package func leg(_ bucket: Int64, _ group: LegGroup) throws -> LegRollup? {
    LegGroup.row.bind(group, to: findGroup)
    defer {
      findGroup.reset()
      findLeg.reset()
    }
    guard try findGroup.step() else { return nil }
    findLeg.bind(1, bucket)
    findLeg.bind(2, findGroup.integer(0))
    guard try findLeg.step() else { return nil }
    var leg = LegRollup(bucket: bucket, group: group, firstStart: 0)
    LegRollup.row.read(findLeg, into: &leg)
    return leg
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
