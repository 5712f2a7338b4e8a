internal import AccessLog
internal import Correlation
internal import GRDBSQLite

/// What correlation needs to know of a text.
struct TextKey {
  /// Of the bytes, so that it does not depend on the order in which texts were stored; under the database's secret.
  var hash: UInt64 = 0
  /// Of the bytes up to the first `?`, each run of digits as one: `/users/17/cart?x` and `/users/4/cart` are alike.
  var route: UInt64 = 0
  var bytes: Int32 = -1
  /// Whether it can be an address: in brackets, or of Envoy's own kinds; `xx.xx.x.xx:80` was masked by somebody.
  var isAddress = false

  static let missing = TextKey(hash: 0, route: 0, bytes: 0)

  init(hash: UInt64, route: UInt64, bytes: Int32) {
    self.hash = hash
    self.route = route
    self.bytes = bytes
  }

  init(_ text: UnsafeRawBufferPointer, _ key: SipKey) {
    unsafe hash = key.hash(text)
    unsafe route = key.hash(TextKey.folded(text))
    bytes = Int32(clamping: text.count)
    isAddress = unsafe TextKey.startsLikeAddress(text)
  }

  /// `[2a02:cf40::4e36]:5000`, `envoy://…`, a Unix socket.
  private static func startsLikeAddress(_ text: UnsafeRawBufferPointer) -> Bool {
    switch unsafe text.first {
    case UInt8(ascii: "["): unsafe SocketAddress(text) != nil
    case UInt8(ascii: "/"), UInt8(ascii: "@"): true
    case UInt8(ascii: "e"): unsafe text.starts(with: "envoy://".utf8)
    default: false
    }
  }

  private static func folded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.count)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    for index in 0..<text.count {
      let byte = unsafe text[index]
      if byte == UInt8(ascii: "?") { break }
      let isDigit = digits.contains(byte)
      if isDigit && folded.last == UInt8(ascii: "0") { continue }
      folded.append(isDigit ? UInt8(ascii: "0") : byte)
    }
    return folded
  }
}

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
