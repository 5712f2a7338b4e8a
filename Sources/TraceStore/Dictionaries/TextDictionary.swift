internal import AccessLog
internal import GRDBSQLite

/// Text → `text.id`: the index on the hash first, then a new row. A parser sends each text once, so nothing is
/// remembered here. Rows go in by groups: 5200 instructions for each instead of 8400 by a statement of its own.
struct TextDictionary {
  private let mask: UInt64
  private let key: SipKey

  init(mask: UInt64, key: SipKey) {
    self.mask = mask
    self.key = key
  }

  /// What the store keeps of a text's hash: the bytes decide, so half of it is enough.
  static func stored(_ hash: UInt64, mask: UInt64) -> Int64 { Int64(Int32(truncatingIfNeeded: hash & mask)) }

  /// More texts than any store has room for.
  private static let ids: Int64 = 1 << 40

  /// A text of a batch.
  private struct Text {
    var hash: UInt64
    var range: Range<Int>
    var id: Int64 = 0
  }

  /// Texts' ids, and the whole hashes of their bytes.
  func ids(
    of texts: TextList, _ statements: WriterStatements
  ) throws(SQLiteFailure) -> [(id: Int64, hash: UInt64)] {
    // Safe: the list's ranges are ranges of its bytes, which stay where they are until the closure ends. Statements
    // that keep them bound are run before that, and bound anew before they run again.
    unsafe try withBytes(of: texts.bytes) { (bytes) throws(SQLiteFailure) in
      var found: [Text] = []
      found.reserveCapacity(texts.count)
      var new: [Int] = []
      for index in texts.indices {
        let range = texts.range(of: index)
        let hash = unsafe key.hash(UnsafeRawBufferPointer(rebasing: bytes[range]))
        var text = Text(hash: hash, range: range)
        // Another text of the same hash may be this one.
        let stored = TextDictionary.stored(hash, mask: mask)
        if new.contains(where: { TextDictionary.stored(found[$0].hash, mask: mask) == stored }) {
          unsafe try insert(&new, of: &found, bytes, statements)
        }
        if let id = unsafe try find(text, bytes, statements.findText) {
          text.id = id
        } else {
          new.append(index)
        }
        found.append(text)
        if new.count == StoreLimits.groupRows { unsafe try insert(&new, of: &found, bytes, statements) }
      }
      unsafe try insert(&new, of: &found, bytes, statements)
      return found.map { ($0.id, $0.hash) }
    }
  }

  /// Different texts may share a hash: the bytes decide.
  private func find(
    _ text: Text, _ bytes: UnsafeRawBufferPointer, _ statement: RawStatement
  ) throws(SQLiteFailure) -> Int64? {
    defer { statement.reset() }
    statement.bind(1, TextDictionary.stored(text.hash, mask: mask))
    while try statement.step() {
      let isSame = unsafe statement.withBytes(1) { unsafe $0.elementsEqual(bytes[text.range]) }
      if isSame { return statement.integer(0) }
    }
    return nil
  }

  /// Inserts texts that are not there, and forgets which they were. Rows of one statement get ids one after the other.
  private func insert(
    _ new: inout [Int], of texts: inout [Text], _ bytes: UnsafeRawBufferPointer,
    _ statements: WriterStatements
  ) throws(SQLiteFailure) {
    let isGroup = new.count == StoreLimits.groupRows
    let statement = isGroup ? statements.insertTexts : statements.insertText
    for group in isGroup ? [new[...]] : new.indices.map({ new[$0...$0] }) {
      for (place, index) in group.enumerated() {
        statement.bind(Int32(2 * place + 1), TextDictionary.stored(texts[index].hash, mask: mask))
        unsafe statement.bindText(
          Int32(2 * place + 2), keeping: UnsafeRawBufferPointer(rebasing: bytes[texts[index].range]))
      }
      let last = try statement.insertedID()
      // Behind the largest id that there can be, SQLite gives out any: only a damaged store has come so far.
      guard last < TextDictionary.ids else {
        throw SQLiteFailure(code: SQLITE_CORRUPT, detail: "out of range: text \(last)")
      }
      for (place, index) in group.enumerated() { texts[index].id = last - Int64(group.count - 1 - place) }
    }
    new.removeAll(keepingCapacity: true)
  }
}
