internal import AccessLog
internal import Correlation
internal import GRDBSQLite

/// `text.id` → key, read when first asked for: 24 bytes per text of the store.
final class TextIndex {
  private var keys: [TextKey]
  /// Ids that stand in their rows: hardly any comes more than a few times.
  let ids = TextNumbers()
  private let hash: SipKey
  private let connection: StoreConnection
  private let find, largest: RawStatement

  init(_ connection: StoreConnection, _ hash: SipKey) throws {
    self.connection = connection
    self.hash = hash
    find = try connection.statement("SELECT id, text FROM text WHERE id BETWEEN ? AND ?")
    largest = try connection.statement("SELECT ifnull(max(id), 0) FROM text")
    keys = []
    try grow()
  }

  /// Makes room for the texts that were stored since.
  func grow() throws {
    defer { largest.reset() }
    _ = try largest.step()
    let count = try connection.arrayCount(forLargestID: largest.integer(0))
    guard count > keys.count else { return }
    keys += Array(repeating: TextKey(hash: 0, route: 0, bytes: -1), count: count - keys.count)
  }

  /// Of a text's id; an id that is not there counts as missing (the integrity check reports it).
  @inline(__always)
  func key(id: Int64) throws(SQLiteFailure) -> TextKey {
    guard keys.indices.contains(Int(id)) else { return .missing }
    if keys[Int(id)].bytes < 0 { try loadBlock(of: Int(id)) }
    return keys[Int(id)]
  }

  /// Texts that were stored together are asked for together, and reading them in a row costs a fraction.
  private static let blockTexts = 64

  private func loadBlock(of id: Int) throws(SQLiteFailure) {
    let first = id / TextIndex.blockTexts * TextIndex.blockTexts
    let block = first..<min(first + TextIndex.blockTexts, keys.count)
    for place in block { keys[place] = .missing }
    find.bind(1, Int64(block.lowerBound))
    find.bind(2, Int64(block.upperBound - 1))
    defer { find.reset() }
    while try find.step() {
      // Safe: `TextKey` reads the bytes before the statement steps on, and keeps none of them.
      keys[Int(find.integer(0))] = unsafe find.withBytes(1) { unsafe TextKey($0, hash) }
    }
  }

  /// Of an `ANY` column: a text's id, text, or NULL.
  @inline(__always)
  func key(_ row: RawStatement, _ column: Int32) throws(SQLiteFailure) -> TextKey {
    switch row.type(column) {
    case SQLITE_INTEGER: return try key(id: row.integer(column))
    case SQLITE_NULL: return .missing
    default: return unsafe row.withBytes(column) { unsafe TextKey($0, hash) }
    }
  }

  /// An address as one number, as `Hop` wants it: IPv4 as it is, others by the id of their text and below zero, missing as 0.
  @inline(__always)
  func address(_ stored: Int64) throws(SQLiteFailure) -> Int64 {
    stored >= 0 ? stored : try textAddress(stored)
  }

  private func textAddress(_ stored: Int64) throws(SQLiteFailure) -> Int64 {
    let id = 0 &- stored
    let address = id & (Hop.readableAddress - 1) | .min
    return try key(id: id).isAddress ? address | Hop.readableAddress : address
  }
}
