internal import AccessLog

/// How many hops each slot of time has, kept as hops are written: correlation cuts time by it, and counting the hops
/// themselves would read all of them.
struct SlotCounts {
  /// By slot (a number of `StoreLimits.slotMilliseconds` since 1970), in the order in which they came.
  private(set) var counts: [(slot: Int64, hops: Int64)] = []

  /// Adds a hop that was stored; keys come in about ascending order.
  @inline(__always)
  mutating func add(key: Int64) {
    let slot = SlotCounts.slot(ofKey: key)
    if let last = counts.last, last.slot == slot {
      counts[counts.count - 1].hops += 1
    } else {
      counts.append((slot, 1))
    }
  }

  static func slot(ofKey key: Int64) -> Int64 {
    (key >> HopKey.hashBits) / StoreLimits.slotMilliseconds
  }

  /// The slot of a key as SQL says it, of a column that holds keys.
  static func slot(ofColumn column: String) -> String {
    "(\(column) >> \(HopKey.hashBits)) / \(StoreLimits.slotMilliseconds)"
  }

  /// Counts the hops of all slots up to that of a key anew, where hops were deleted.
  static func recount(upTo key: Int64, _ connection: StoreConnection) throws(StoreError) -> [RawStatement] {
    let last = slot(ofKey: key)
    // The last slot that a key can be in ends behind the last key.
    let (end, overflow) = (last + 1).multipliedReportingOverflow(
      by: StoreLimits.slotMilliseconds << HopKey.hashBits)
    let lastKey = overflow ? Int64.max : end - 1
    return [
      try connection.statement("DELETE FROM hop_count WHERE stretch <= \(last)"),
      try connection.statement(
        """
        INSERT INTO hop_count SELECT \(slot(ofColumn: "id")), count(*) FROM hop WHERE id <= \(lastKey) GROUP BY 1
        """),
    ]
  }
}
