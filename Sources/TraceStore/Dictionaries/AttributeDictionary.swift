internal import AccessLog

/// A set of attributes with the store's ids → `attribute_set.id`.
struct AttributeDictionary {
  let key: SipKey

  /// A new one is of the source that what was told of it is taken for by now.
  func id(of set: StoredAttributes, _ statements: WriterStatements) throws(SQLiteFailure) -> Int64 {
    let hash = set.hash(key)
    if let id = try find(set, hash, statements.findAttributeSet) { return id }
    let statement = statements.insertAttributeSet
    statement.bind(1, hash)
    for (index, value) in set.values.enumerated() { statement.bind(Int32(index) + 2, value) }
    statement.bind(Int32(set.values.count) + 2, set.role)
    statement.bind(Int32(set.values.count) + 3, set.values[0])
    return try statement.insertedID()
  }

  private func find(
    _ set: StoredAttributes, _ hash: Int64, _ statement: RawStatement
  ) throws(SQLiteFailure) -> Int64? {
    defer { statement.reset() }
    statement.bind(1, hash)
    while try statement.step() {
      let isSame = set.values.indices.allSatisfy {
        statement.optionalInteger(Int32($0) + 1) == set.values[$0]
      }
      if isSame { return statement.integer(0) }
    }
    return nil
  }
}
