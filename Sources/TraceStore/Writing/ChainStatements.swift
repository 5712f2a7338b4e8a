/// The statements that write `proxy_chain`: which proxies a request went through before the last one, where they are more
/// than one.
struct ChainStatements {
  private let find, largest, insert: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    find = try connection.statement(
      """
      SELECT id FROM proxy_chain GROUP BY id
      HAVING group_concat(source, ',') = ?1
      """)
    largest = try connection.statement("SELECT ifnull(max(id), 0) FROM proxy_chain")
    insert = try connection.statement("INSERT INTO proxy_chain (id, place, source) VALUES (?, ?, ?)")
  }

  /// The id of a chain of `source.id`s, which it gets now where it has none. There are as many as ways through the mesh.
  func id(of chain: [Int64]) throws(SQLiteFailure) -> Int64 {
    if let known = try known(chain) { return known }
    _ = try largest.step()
    let id = largest.integer(0) + 1
    largest.reset()
    for (place, source) in chain.enumerated() {
      insert.bind(1, id)
      insert.bind(2, Int64(place))
      insert.bind(3, source)
      try insert.run()
    }
    return id
  }

  private func known(_ chain: [Int64]) throws(SQLiteFailure) -> Int64? {
    find.bindText(1, chain.map(String.init).joined(separator: ","))
    defer { find.reset() }
    return try find.step() ? find.integer(0) : nil
  }
}
