internal import AccessLog

/// Writes a batch's rows in the order of their keys; the store's hot path.
///
/// Why so low: through `RawStatement` the bindings of a row cost what SQLite's own calls cost, text and ids go in
/// without a copy, and nothing is allocated per row. Rows in key order fill the B-tree's last pages one after the
/// other. The figures are in docs/explanation/decisions/0003-storage-layout.md.
@safe
struct HopInserter {
  private let statements: WriterStatements
  private let tables: IngestTables
  // Safe: `StoreWriter` keeps the batch's bytes and the scratch while it inserts the batch. A reference's range is one of
  // its own batch's bytes, for the parser made both; statements are run before the scratch is written to again.
  private let inline: UnsafeRawBufferPointer
  private let scratch: IdentifierScratch
  private let lines: HashSecret.Lines
  private let texts: SipKey
  private let repeated: RepeatedNames
  /// By what was told: the earliest start of its hops, and which of them have become earlier.
  private var firsts: [Int64]
  private var lowered: [Int32] = []
  private var expectsDuplicate = false

  private(set) var result = AppendResult()
  private(set) var counts: [AppendResult.Count]
  /// Of the stored rows' request and trace ids, for their index.
  private(set) var identifiers: [IdentifierEntry] = []
  private(set) var dirty = DirtyRanges()
  /// Of proxies' hops, which matter to nothing outside their time.
  private(set) var dirtyConnections = DirtyRanges(gap: 0)
  private(set) var slots = SlotCounts()

  init(
    _ statements: WriterStatements, _ tables: IngestTables, inline: UnsafeRawBufferPointer,
    scratch: IdentifierScratch, _ secret: HashSecret, _ repeated: RepeatedNames
  ) {
    self.repeated = repeated
    firsts = tables.toldFirsts
    lines = secret.lines
    texts = secret.key(for: .texts)
    self.statements = statements
    self.tables = tables
    unsafe self.inline = unsafe inline
    self.scratch = scratch
    counts = tables.identities.indices.map { .init(source: Int32($0), stored: 0, duplicate: 0) }
    assert(firsts.count == tables.told.count)
  }

  mutating func insert(_ rows: [HopRow]) throws(SQLiteFailure) {
    assert(rows.allSatisfy { counts.indices.contains(Int($0.source)) })
    assert(rows.allSatisfy { tables.attributeSets.indices.contains(Int($0.attributes)) })
    identifiers.reserveCapacity(rows.count)
    let order = HopInserter.order(rows)
    assert(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
    var next = 0
    while next < order.count {
      if !expectsDuplicate && next + StoreLimits.groupRows <= order.count {
        next += try insertGroup(rows, order[next..<next + StoreLimits.groupRows])
      }
      if next < order.count {
        try insert(rows[Int(order[next].row)], first: order[next].key)
        next += 1
      }
    }
    result.sources = counts.filter { $0.stored + $0.duplicate > 0 }
  }

  /// Stores the earliest starts that have become earlier; returns all.
  func noteFirsts() throws(SQLiteFailure) -> [Int64] {
    let lower = statements.sources.lowerFirst
    for number in Set(lowered) {
      lower.bind(1, tables.told[Int(number)])
      lower.bind(2, firsts[Int(number)])
      try lower.run()
    }
    return firsts
  }

  private struct Entry: Comparable {
    var key: Int64
    var row: Int32

    static func < (one: Entry, other: Entry) -> Bool { (one.key, one.row) < (other.key, other.row) }
  }

  /// Rows by their first key; equal keys in the order in which they came.
  private static func order(_ rows: [HopRow]) -> [Entry] {
    var order: [Entry] = []
    order.reserveCapacity(rows.count)
    for index in rows.indices {
      let start = HopKey.clamped(rows[index].startMicroseconds)
      order.append(Entry(key: HopKey.first(start: start, low: rows[index].identity.low), row: Int32(index)))
    }
    // As unsigned numbers in the same order.
    return BucketSort.sorted(order) { UInt64(bitPattern: $0.key) ^ 1 << 63 }
  }

  /// Inserts a group of rows with one statement, up to the first whose key is taken.
  /// - Returns: how many went in.
  private mutating func insertGroup(_ rows: [HopRow], _ group: ArraySlice<Entry>) throws(SQLiteFailure) -> Int
  {
    assert(group.count == StoreLimits.groupRows && scratch.spaces.count >= group.count)
    var base: Int32 = 0
    for entry in group {
      let row = Int(entry.row)
      bind(rows[row], statements.insertHops, base, scratch.spaces[Int(base / HopColumn.count)])
      bindKey(rows[row], statements.insertHops, base, entry.key)
      base += HopColumn.count
    }
    let count = try statements.insertHops.runUntilConflict(rows: group.count)
    assert((0...group.count).contains(count))
    for entry in group.prefix(count) {
      note(rows[Int(entry.row)], key: entry.key)
      counts[Int(rows[Int(entry.row)].source)].stored += 1
    }
    result.stored += count
    return count
  }

  @inline(__always)
  private mutating func insert(_ row: HopRow, first: Int64) throws(SQLiteFailure) {
    bind(row, statements.insertHop, 0, scratch.spaces[0])
    if let key = try place(row, first: first) {
      note(row, key: key)
      counts[Int(row.source)].stored += 1
      result.stored += 1
    } else {
      counts[Int(row.source)].duplicate += 1
      result.duplicate += 1
    }
  }

  /// Finds the row its key.
  /// - Returns: the key, or nil where the hop is there already.
  @inline(__always)
  private mutating func place(_ row: HopRow, first: Int64) throws(SQLiteFailure) -> Int64? {
    let check = HopKey.check(row.identity, lines)
    let nearest = HopKey.nearestStep(row.identity, lines)
    var key = first
    var attempt = 0
    while true {
      if !expectsDuplicate {
        bindKey(row, statements.insertHop, 0, key)
        if try statements.insertHop.runChanging() { return key }
      }
      switch try occupant(of: key, check: check, row) {
      case .nobody:
        expectsDuplicate = false
      case .same:
        expectsDuplicate = true
        return nil
      case .sameOfOther:
        note(renamed: row)
        expectsDuplicate = true
        return nil
      case .other:
        attempt += 1
        result.collisions += 1
        key = HopKey.probe(first, check: check, nearest: nearest, attempt: attempt)
      }
    }
  }

  /// `sameOfOther`: the same line, of which is known better now who wrote it.
  private enum Occupant { case nobody, same, sameOfOther, other }

  /// Who has a key. A hop that came again keeps the largest line number under which it was seen in the log that told most
  /// of who wrote it, so that the whole log and parts of it leave the same row in whatever order they come.
  private func occupant(of key: Int64, check: Int64, _ row: HopRow) throws(SQLiteFailure) -> Occupant {
    let find = statements.findHop
    find.bind(1, key)
    defer { find.reset() }
    guard try find.step() else { return .nobody }
    guard find.integer(0) == check else { return .other }
    let (line, stored) = (find.integer(1), find.integer(2))
    find.reset()
    let set = tables.attributeSets[Int(row.attributes)]
    let verdict =
      stored == set || lines != .body
      ? .same : try repeated.verdict(stored: stored, new: set, statements.sources)
    if verdict == .other { return .other }
    // Numbers are those of the log that told most: a stream of several pods has its own.
    if verdict == .better || verdict == .same && row.line > line {
      statements.raiseLine.bind(1, key)
      statements.raiseLine.bind(2, row.line)
      try statements.raiseLine.run()
    }
    guard verdict == .better else { return .same }
    statements.rename.bind(1, key)
    statements.rename.bind(2, set)
    try statements.rename.run()
    return .sameOfOther
  }

  /// A hop that another source has now is linked anew, as if it had come, and is none that came alone.
  private mutating func note(renamed row: HopRow) {
    let start = HopKey.clamped(row.startMicroseconds)
    let end = start + min(max(0, row.durationMicroseconds), 1 << 61)
    dirty.add(start: start, end: end, key: nil)
    noteFirst(row, start)
  }

  @inline(__always)
  private mutating func noteFirst(_ row: HopRow, _ start: Int64) {
    let told = tables.toldOfSet[Int(row.attributes)]
    guard start < firsts[Int(told)] else { return }
    firsts[Int(told)] = start
    lowered.append(told)
  }

  @inline(__always)
  private mutating func note(_ row: HopRow, key: Int64) {
    assert(key >= 0)
    slots.add(key: key)
    let start = HopKey.clamped(row.startMicroseconds)
    noteFirst(row, start)
    let duration = max(0, row.durationMicroseconds)
    let end = tables.isTCP[Int(row.attributes)] ? start : start + min(duration, 1 << 61)
    if tables.isConnection[Int(row.attributes)] {
      dirtyConnections.add(start: start, end: end, key: key)
    } else {
      dirty.add(start: start, end: end, key: key)
    }
    if row.requestID.form != .none { identifiers.append(.init(id: word(of: row.requestID), hop: key)) }
    if row.traceID.form != .none { identifiers.append(.init(id: word(of: row.traceID), hop: key)) }
  }

  /// What an identifier is found by: the first 64 of its 128 bits, or the hash of its text.
  private func word(of reference: IdentifierRef) -> UInt64 {
    guard reference.form == .text else { return reference.high }
    if reference.text.value >= 0 { return tables.textHashes[Int(reference.text.value)] }
    return unsafe texts.hash(UnsafeRawBufferPointer(rebasing: inline[reference.text.inlineRange]))
  }
}

extension HopInserter {
  @inline(__always)
  private func bindKey(_ row: HopRow, _ insert: RawStatement, _ base: Int32, _ key: Int64) {
    let start = HopKey.clamped(row.startMicroseconds)
    insert.bind(base + HopColumn.id, key)
    insert.bind(base + HopColumn.startOffset, HopKey.offset(ofStart: start, from: key))
  }

  /// Binds all but the key and the offset from it; `base` is how many parameters come before the row's.
  @inline(__always)
  private func bind(_ row: HopRow, _ insert: RawStatement, _ base: Int32, _ space: IdentifierScratch.Row) {
    insert.bind(base + HopColumn.identityCheck, HopKey.check(row.identity, lines))
    insert.bind(base + HopColumn.line, row.line)
    insert.bind(base + HopColumn.attributes, tables.attributeSets[Int(row.attributes)])
    bind(row.path, insert, base + HopColumn.path)
    bind(row.userAgent, insert, base + HopColumn.userAgent)
    bind(row.forwardedFor, insert, base + HopColumn.forwardedFor)
    bind(row.requestID, insert, base + HopColumn.requestID, binary: .uuid, space.request)
    bind(row.traceID, insert, base + HopColumn.traceID, binary: .hex32, space.trace)
    let ips = tables.addressIPs[Int(row.attributes)]
    bind(row.upstreamLocal, insert, base + HopColumn.upstreamLocal, isPort: ips.upstreamLocal)
    bind(row.downstreamRemote, insert, base + HopColumn.downstreamRemote, isPort: ips.downstreamRemote)
    bind(row.durationMicroseconds, insert, base + HopColumn.duration)
    bind(HopInserter.serviceTimeGap(row), insert, base + HopColumn.serviceTimeGap)
    bind(row.bytesReceived, insert, base + HopColumn.bytesReceived)
    bind(row.bytesSent, insert, base + HopColumn.bytesSent)
  }

  /// Milliseconds by which the duration is longer than the upstream's time: none or one for nearly all, and SQLite keeps
  /// 0 and 1 without a byte.
  @inline(__always)
  private static func serviceTimeGap(_ row: HopRow) -> Int64 {
    guard row.upstreamServiceTimeMilliseconds != HopRow.missing else { return HopRow.missing }
    return max(0, row.durationMicroseconds) / 1000 &- row.upstreamServiceTimeMilliseconds
  }

  @inline(__always)
  private func bind(_ value: Int64, _ insert: RawStatement, _ index: Int32) {
    if value == HopRow.missing { insert.bindNull(index) } else { insert.bind(index, value) }
  }

  @inline(__always)
  private func bind(_ text: TextRef, _ insert: RawStatement, _ index: Int32) {
    if text.value >= 0 {
      insert.bind(index, tables.texts[Int(text.value)])
    } else if text.value == -1 {
      insert.bindNull(index)
    } else {
      unsafe assert(text.inlineRange.upperBound <= inline.count)
      unsafe insert.bindText(index, keeping: UnsafeRawBufferPointer(rebasing: inline[text.inlineRange]))
    }
  }

  @inline(__always)
  private func bind(_ address: Address, _ insert: RawStatement, _ index: Int32, isPort: Bool) {
    if isPort {
      insert.bind(index, StoredAddress.port(address))
    } else if address.rawValue > 0 {
      insert.bind(index, address.rawValue)
    } else {
      insert.bind(index, StoredAddress.encode(address, texts: tables.texts))
    }
  }

  /// An identifier in the form that its column expects is 16 bytes; in another form it is text.
  @inline(__always)
  private func bind(
    _ reference: IdentifierRef, _ insert: RawStatement, _ index: Int32, binary: IdentifierRef.Form,
    _ space: IdentifierSpace
  ) {
    switch reference.form {
    case .none: insert.bindNull(index)
    case .text: bind(reference.text, insert, index)
    case binary: unsafe insert.bindBlob(index, keeping: space.blob(reference))
    case .uuid, .hex32: unsafe insert.bindText(index, keeping: space.text(reference))
    }
  }
}

extension TextRef {
  /// Where inline text lies in its batch's bytes.
  @inline(__always)
  var inlineRange: Range<Int> {
    assert(value < -1 && count >= 0, "the text is in its row")
    let offset = -(Int(value) + 2)
    return offset..<offset + Int(count)
  }
}
