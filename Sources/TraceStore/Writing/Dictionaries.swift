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

/// An attribute set's columns in the store's terms, in the order of `columns`; nil is NULL.
///
/// They are what its lines say, and what it is found by when they come again. Its role is not among them: the other lines
/// of its log may have told better since (`SourceRoles`).
struct StoredAttributes {
  static let columns = [
    "told", "line_role", "response_flags", "response_code", "protocol", "method", "authority", "route_name",
    "upstream_cluster", "requested_server_name", "response_code_details", "connection_termination_details",
    "upstream_transport_failure_reason", "istio_policy_status", "access_log_type", "unrecognised_flags",
    "service_host", "service_port", "subset", "upstream_host", "downstream_local",
    "upstream_local_ip", "downstream_remote_ip", "precision", "anomalies",
  ]
  var values: [Int64?]
  /// As far as it is known when its first line is read.
  var role: Int64

  init(values: [Int64?], role: Int64 = 0) {
    self.values = values
    self.role = role
  }

  /// The same before schema 7: whose the lines were told to be was their source, and what they said of themselves their role.
  static let columnsBefore7 = ["source", "role"] + columns.dropFirst(2)

  /// Translates the parser's indices to `text.id` and `source.id`.
  /// `told`: its `told_source.id`.
  init(_ set: AttributeSet, told: Int64, _ tables: IngestTables) {
    let texts = tables.texts
    let text = { (index: Int32) in index < 0 ? nil : texts[Int(index)] }
    role = Int64(set.role.rawValue)
    values = [
      told, Int64(set.lineRole.rawValue),
      Int64(bitPattern: set.responseFlags.rawValue),
      set.responseCode.map(Int64.init),
      text(set.httpProtocol), text(set.method), text(set.authority), text(set.routeName),
      text(set.upstreamCluster), text(set.requestedServerName), text(set.responseCodeDetails),
      text(set.connectionTerminationDetails), text(set.upstreamTransportFailureReason),
      text(set.istioPolicyStatus), text(set.accessLogType), text(set.unrecognisedFlags),
      text(set.serviceHost), set.servicePort < 0 ? nil : Int64(set.servicePort), text(set.subset),
      StoredAddress.encode(set.upstreamHost, texts: texts),
      StoredAddress.encode(set.downstreamLocal, texts: texts),
      set.upstreamLocalIP, set.downstreamRemoteIP, PrecisionCode.encode(set.precision),
      Int64(set.anomalies.rawValue),
    ]
  }

  /// Of the ids, so it holds within one database.
  func hash(_ key: SipKey) -> Int64 {
    var missing: UInt64 = 0
    for place in values.indices where values[place] == nil { missing |= 1 << UInt64(place) }
    return Int64(bitPattern: key.hash(words: [missing] + values.map { UInt64(bitPattern: $0 ?? 0) }))
  }

  /// What it was before schema 6.
  var openHash: Int64 {
    var state: UInt64 = 0
    for value in values {
      state = OpenHash.mix(state, value.map { UInt64(bitPattern: $0) } ?? 0x6d69_7373_696e_67)
    }
    return Int64(bitPattern: state)
  }
}

/// An address as the store has it: NULL, `ip << 16 | port`, or `-text.id`; where its IP stands with the hop's
/// attributes, its port less 32 768, which takes two bytes.
enum StoredAddress {
  @inline(__always)
  static func port(_ address: Address) -> Int64 { address.rawValue & 0xFFFF - 0x8000 }

  /// The whole address again.
  @inline(__always)
  static func address(ip: Int64, port: Int64) -> Int64 { ip << 16 | (port + 0x8000) & 0xFFFF }

  /// Of a whole IPv4 address.
  static func ip(of address: Int64) -> Int64 { address >> 16 }

  static func encode(_ address: Address, texts: [Int64]) -> Int64? {
    if let index = address.textIndex { return -texts[Int(index)] }
    return address == .missing ? nil : address.rawValue
  }
}

extension RawStatement {
  /// Runs an insertion of one row.
  /// - Returns: the id that SQLite gave it. `RETURNING` would cost a temporary table per row.
  func insertedID() throws(SQLiteFailure) -> Int64 {
    try run()
    return lastInsertedID
  }
}

/// `withUnsafeBytes` with a typed error.
func withBytes<T>(
  of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(SQLiteFailure) -> T
) throws(SQLiteFailure) -> T {
  let result: Result<T, SQLiteFailure> = unsafe bytes.withUnsafeBytes { buffer in
    do throws(SQLiteFailure) { return unsafe .success(try body(buffer)) } catch { return .failure(error) }
  }
  return try result.get()
}
