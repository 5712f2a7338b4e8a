package import AccessLog
internal import GRDB

/// The one who writes hops and links. A class for one thread; other processes may read meanwhile, and a second
/// writer waits for each transaction, for at most `StoreOptions.busySeconds`, or `busySecondsAtWork`.
///
/// `append` is a transaction of its own unless `begin()` was called before. What a call returned from is committed
/// then: a crash at any moment loses nothing that was acknowledged.
package final class StoreWriter {
  let connection: StoreConnection
  private var prepared: WriterStatements?
  private var preparedLinks: LinkStatements?
  /// Of the database's hashes: the lines that are appended must be named by it.
  package let secret: HashSecret
  private let texts: TextDictionary
  private let attributeSets: AttributeDictionary
  var runs: IdentifierRuns
  private let scratch = IdentifierScratch()
  private let repeated = RepeatedNames()
  private let checkpointer: Checkpointer
  /// Rows that were changed before the checkpointer was asked last.
  private var checkpointedChanges = 0
  private var isInTransaction = false
  /// Rollbacks so far; ids handed out before one may be gone.
  private var epoch = 0

  /// Opens a store for writing; makes it, or brings its schema up to date.
  /// - Throws: `StoreError`; a file that is not a store, or is a newer one's, is left as it was.
  package convenience init(path: String, options: StoreOptions = StoreOptions()) throws(StoreError) {
    try self.init(StoreConnection.writing(path, options, steps: Schema.steps))
  }

  init(_ connection: StoreConnection) throws(StoreError) {
    self.connection = connection
    checkpointer = Checkpointer(path: connection.file.sqlitePath)
    prepared = try WriterStatements(connection)
    secret = try connection.hashSecret()
    texts = TextDictionary(mask: connection.options.textHashMask, key: secret.key(for: .texts))
    attributeSets = AttributeDictionary(key: secret.key(for: .attributeSets))
    runs = try IdentifierRuns(connection)
  }

  /// Commits nothing: an open transaction is rolled back. Copies the write-ahead log into the database.
  package func close() throws(StoreError) {
    guard prepared != nil else { return }
    if isInTransaction { try rollback() }
    prepared = nil
    preparedLinks = nil
    checkpointer.close()
    try connection.access { db in
      // Readers may keep some of the log busy; it is then copied by whoever closes last.
      _ = try? Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    try connection.close()
  }

  /// An open transaction must be rolled back while the connection is whole: GRDB is told of it.
  deinit { try? close() }

  func statements() throws(StoreError) -> WriterStatements {
    guard let prepared else { throw connection.sorted(SQLiteFailure.closed) }
    return prepared
  }

  func linkStatements() throws(StoreError) -> LinkStatements {
    if let preparedLinks { return preparedLinks }
    let statements = try LinkStatements(connection)
    preparedLinks = statements
    return statements
  }
}

extension StoreWriter {
  /// Starts a transaction that takes several calls.
  /// - Throws: `busy` when another writer did not end in time; `replaced` when the file is another one by now.
  package func begin() throws(StoreError) {
    let statements = try statements()
    try connection.checkPlace()
    try connection.access { _ in try statements.begin.run() }
    isInTransaction = true
    connection.notePlace()
    if try !runs.isCurrent(connection) { runs = try IdentifierRuns(connection) }
  }

  /// A number that stays the same as long as nobody else commits anything to the database. Ask in a transaction: outside of
  /// one somebody may do so at the next moment.
  package func foreignVersion() throws(StoreError) -> Int64 {
    try connection.dataVersion()
  }

  /// Makes everything since `begin()` last.
  /// - Throws: `replaced` when the file is not there any more, or another one is: whoever opens the database by its name
  ///   would not find what was committed.
  package func commit() throws(StoreError) {
    let statements = try statements()
    do {
      try connection.access { _ in try statements.commit.run() }
    } catch {
      try? rollback()
      throw error
    }
    isInTransaction = false
    try connection.checkPlace()
    let options = connection.options
    if let atWork = options.busySecondsAtWork, options.busySeconds < atWork {
      try connection.waitForOthers(atWork)
    }
    let changes = try connection.access { $0.totalChangesCount }
    guard changes - checkpointedChanges >= StoreLimits.checkpointRows else { return }
    checkpointedChanges = changes
    checkpointer.request()
  }

  /// Undoes everything since `begin()`. Tables that were used since then are stale.
  package func rollback() throws(StoreError) {
    let statements = try statements()
    isInTransaction = false
    epoch += 1
    repeated.forget()
    // SQLite may have rolled back by itself (disk full); then there is nothing left to undo.
    try? connection.access { _ in try statements.rollback.run() }
    runs = try IdentifierRuns(connection)
  }

  /// Runs in the caller's transaction, or in one of its own.
  func transaction<T>(_ body: (WriterStatements) throws(SQLiteFailure) -> T) throws(StoreError) -> T {
    try connection.checkInterruption()
    let statements = try statements()
    let isOwn = !isInTransaction
    if isOwn { try begin() }
    let value: T
    do {
      value = try connection.access { _ in try body(statements) }
    } catch {
      try? rollback()
      throw error
    }
    if isOwn { try commit() }
    return value
  }
}

extension StoreWriter {
  /// Stores a batch's hops, and what it adds to the parser's tables; notes their time as not yet correlated.
  ///
  /// A hop that is there already is counted as a duplicate and changes nothing but its line number, which becomes
  /// the larger of the two.
  /// - Parameters:
  ///   - batch: hops of any sources, in any order.
  ///   - tables: the ids of the parser's indices; one per parser, the same for all its batches.
  /// - Returns: how many rows were stored and how many were there already, in all and per source.
  /// - Throws: `StoreError`. The whole transaction is then rolled back and `tables` is stale.
  package func append(_ batch: HopBatch, _ tables: inout IngestTables) throws(StoreError) -> AppendResult {
    if tables.epoch < 0 { tables.epoch = epoch }
    guard tables.epoch == epoch else { throw .staleTables }
    var grown = tables
    tables = IngestTables()
    defer { tables = grown }
    return try transaction { (statements) throws(SQLiteFailure) in
      try grow(&grown, batch, statements)
      // Safe: the batch outlives the closure, and so do its bytes; the inserter ends within it.
      return unsafe try withBytes(of: batch.inlineBytes) { (inline) throws(SQLiteFailure) in
        var inserter = unsafe HopInserter(
          statements, grown, inline: inline, scratch: scratch, secret, repeated)
        try inserter.insert(batch.rows)
        grown.toldFirsts = try inserter.noteFirsts()
        try runs.insert(inserter.identifiers, statements.identifiers)
        try note(inserter, statements)
        return inserter.result
      }
    }
  }

  /// What waits for correlation now, and how many hops there are.
  private func note(_ inserter: HopInserter, _ statements: WriterStatements) throws(SQLiteFailure) {
    for (isConnection, dirty) in [(0, inserter.dirty), (1, inserter.dirtyConnections)]
      as [(Int64, DirtyRanges)]
    {
      for range in dirty.ranges {
        statements.insertPending.bind(1, range.first)
        statements.insertPending.bind(2, range.last)
        statements.insertPending.bind(3, isConnection)
        statements.insertPending.bind(4, range.hop)
        try statements.insertPending.run()
      }
    }
    for count in inserter.slots.counts {
      statements.addCount.bind(1, count.slot)
      statements.addCount.bind(2, count.hops)
      try statements.addCount.run()
    }
  }

  /// Texts before the sets that name them.
  private func grow(
    _ tables: inout IngestTables, _ batch: HopBatch, _ statements: WriterStatements
  ) throws(SQLiteFailure) {
    if batch.firstSource == 0 { tables.forgetSources() }
    tables.identities += batch.sources
    for (offset, text) in try texts.ids(of: batch.texts, statements).enumerated() {
      IngestTables.place(text.id, at: Int(batch.firstText) + offset, in: &tables.texts)
      IngestTables.place(text.hash, at: Int(batch.firstText) + offset, in: &tables.textHashes)
    }
    for (offset, set) in batch.attributeSets.enumerated() {
      let number = try tables.told(set.source, set.ownAddress, statements.sources)
      let told = tables.told[Int(number)]
      let id = try attributeSets.id(of: StoredAttributes(set, told: told, tables), statements)
      IngestTables.place(number, at: Int(batch.firstAttributeSet) + offset, in: &tables.toldOfSet)
      IngestTables.place(id, at: Int(batch.firstAttributeSet) + offset, in: &tables.attributeSets)
      IngestTables.place(
        set.role == .proxy, at: Int(batch.firstAttributeSet) + offset, in: &tables.isConnection)
      IngestTables.place(
        set.role != .proxy && set.method < 0 && set.responseCode ?? 0 == 0,
        at: Int(batch.firstAttributeSet) + offset, in: &tables.isTCP)
      IngestTables.place(
        (set.upstreamLocalIP != nil, set.downstreamRemoteIP != nil),
        at: Int(batch.firstAttributeSet) + offset, in: &tables.addressIPs)
    }
    // A log without a hop is a source, too.
    for index in tables.identities.indices.suffix(batch.sources.count)
    where !batch.objectSources.contains(Int32(index)) {
      try tables.told(orNone: Int32(index), statements.sources)
    }
  }
}
