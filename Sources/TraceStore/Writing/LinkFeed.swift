/// Reads links as they are stored. For one thread, within one `snapshot` of the reader.
package final class LinkFeed {
  private let inRange: RawStatement

  package init(_ reader: StoreReader) throws {
    inRange = try reader.connection.statement(
      "SELECT hop, parent, carrier, claims FROM link WHERE hop BETWEEN ? AND ?")
  }

  /// The links of a hop, by its key; nil where there are none.
  /// - Throws: `StoreError`
  package func link(ofHop key: Int64) throws -> HopLinks? {
    var found: HopLinks?
    try forEach(withKeys: key...key) { found = $0 }
    return found
  }

  /// The links of the hops that start in a range of microseconds since the epoch, and of some around it.
  /// - Throws: `StoreError`
  package func forEach(startingAround range: ClosedRange<Int64>, _ body: (HopLinks) -> Void) throws {
    try forEach(withKeys: HopKey.range(ofStarts: range), body)
  }

  private func forEach(withKeys keys: ClosedRange<Int64>, _ body: (HopLinks) -> Void) throws {
    inRange.bind(1, keys.lowerBound)
    inRange.bind(2, keys.upperBound)
    defer { inRange.reset() }
    while try inRange.step() {
      body(
        HopLinks(
          hop: inRange.integer(0), parent: inRange.optionalInteger(1), carrier: inRange.optionalInteger(2),
          claims: inRange.integer(3)))
    }
  }
}

extension StoreWriter {
  /// Writes parents, carriers and claims of hops whose links are there already; in the caller's transaction, where one is
  /// open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func setCarriers(_ links: [HopLinks]) throws(StoreError) {
    let update = try connection.statement("UPDATE link SET carrier = ?2, claims = ?3 WHERE hop = ?1")
    try transaction { (_) throws(SQLiteFailure) in
      for link in links {
        update.bind(1, link.hop)
        update.bind(2, link.carrier)
        update.bind(3, link.claims)
        try update.run()
      }
    }
  }
}
