internal import AccessLog
internal import GRDB
internal import GRDBSQLite

/// One connection to a store that has been checked, configured, and brought up to date.
///
/// For one thread; GRDB's queue would serialise others, but the raw statements would not.
final class StoreConnection {
  let file: StoreFile
  private(set) var options: StoreOptions
  let queue: DatabaseQueue
  private(set) var isOpen = true
  /// The file that SQLite has open.
  private let identity: FileIdentity?
  /// The file as it was when it was opened for reading without any lock; nil elsewhere.
  private let unlocked: FileStatus?
  /// What a writer has open, for him to notice when the names lead elsewhere; nil for a reader.
  private var written: WrittenFiles?
  /// Where its statements end when the process is asked to. It goes before the connection is closed.
  var interruption: InterruptibleConnection?
  /// The secret of the database's hashes, once it was asked for.
  var knownSecret: HashSecret?

  private struct WrittenFiles {
    var database: FileIdentity?
    /// Nil until SQLite has made it.
    var log: FileIdentity?
  }

  private init(
    file: StoreFile, options: StoreOptions, queue: DatabaseQueue, identity: FileIdentity?,
    unlocked: FileStatus?
  ) {
    self.file = file
    self.options = options
    self.queue = queue
    self.identity = identity
    self.unlocked = unlocked
  }

  /// Runs on the connection and sorts what goes wrong.
  @inline(__always)
  func access<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.unsafeReentrantWrite(body)
    } catch {
      throw sorted(error)
    }
  }

  func sorted(_ error: any Error) -> StoreError {
    if hasChangedUnlocked { return .changed(path: file.path) }
    if let error = error as? SQLiteFailure {
      return StoreError(
        code: error.code, detail: error.detail, path: file.path, busySeconds: options.busySeconds)
    }
    return StoreError(error, path: file.path, busySeconds: options.busySeconds)
  }

  func statement(_ sql: String) throws(StoreError) -> RawStatement {
    try access { db in
      // Safe: handles are used inside `access` only, where the queue has the connection open; statements go before it.
      guard let connection = unsafe db.sqliteConnection else { throw SQLiteFailure.closed }
      return unsafe try RawStatement(connection, sql)
    }
  }

  /// From now on it waits so many seconds for another writer.
  /// - Throws: `failed` where the connection is closed.
  func waitForOthers(_ seconds: Double) throws(StoreError) {
    options.busySeconds = seconds
    try access { db in
      guard let handle = unsafe db.sqliteConnection else { return }
      unsafe sqlite3_busy_timeout(handle, Int32(seconds * 1000))
    }
  }

  /// `PRAGMA data_version`: the same as long as no other connection has committed anything.
  func dataVersion() throws(StoreError) -> Int64 {
    try access { db in try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
  }

  /// Closes; every `RawStatement` must be gone. Twice is once.
  func close() throws(StoreError) {
    guard isOpen else { return }
    isOpen = false
    interruption = nil
    do { try queue.close() } catch { throw sorted(error) }
    forget()
  }

  /// The queue closes itself, and nobody may interrupt it then.
  deinit {
    interruption = nil
    if isOpen { forget() }
  }

  private func forget() {
    if let identity { OpenStores.closed(identity) }
  }

  /// Whether somebody has written to a file that is read without locks: what was read may be half of each.
  private var hasChangedUnlocked: Bool {
    guard let unlocked, let status = file.status else { return false }
    return status.identity == unlocked.identity
      && (status.modified, status.size) != (unlocked.modified, unlocked.size)
  }

  /// - Throws: `changed`
  func checkUnchanged() throws(StoreError) {
    if hasChangedUnlocked { throw .changed(path: file.path) }
  }

  /// Whether a writer still writes what goes by the database's name. Who replaces it, and its log with it, would not get
  /// what is committed from then on.
  /// - Throws: `replaced`
  func checkPlace() throws(StoreError) {
    guard let written else { return }
    guard written.database == file.status?.identity,
      written.log == nil || written.log == file.writeAheadLog?.identity
    else { throw .replaced(path: file.path) }
  }

  /// Notes which file a writer has open and, once SQLite has made its log, which that is.
  func notePlace() {
    guard let known = written else {
      written = WrittenFiles(database: file.status?.identity)
      return
    }
    guard known.log == nil else { return }
    written?.log = file.writeAheadLog?.identity
    file.shareFilesBeside()
  }
}

extension SQLiteFailure {
  static let closed = SQLiteFailure(code: SQLITE_MISUSE, detail: "the connection is closed")

  init(code: Int32, detail: String) {
    self.code = code
    self.detail = detail
  }
}

extension StoreConnection {
  /// Opens for writing; makes the file, or brings an older schema up to date.
  /// - Throws: any `StoreError` of opening; a file that is not ours is left as it was.
  static func writing(
    _ path: String, _ options: StoreOptions, steps: [Schema.Step]
  ) throws(StoreError) -> StoreConnection {
    let file = StoreFile(path: path)
    try file.checkHeader()
    // SQLite would open it for reading then, and leave its files beside it.
    guard !file.exists || file.isWritable else { throw .readOnly(path: path) }
    var configuration = common(options)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -\(StoreLimits.writerCacheKiB)")
    }
    let connection = try open(file, options, file.sqlitePath, configuration)
    try connection.migrate(steps)
    try connection.access { db in
      _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = \(StoreLimits.checkpointPages)")
      try db.execute(sql: "PRAGMA secure_delete = OFF")
    }
    connection.notePlace()
    return connection
  }

  /// Opens for reading. Neither the database nor its folder need be writable.
  /// - Throws: any `StoreError` of opening.
  static func reading(_ path: String, _ options: StoreOptions) throws(StoreError) -> StoreConnection {
    let file = StoreFile(path: path)
    try file.checkHeader()
    guard file.exists else { throw .missing(path: path) }
    return try checked(openReadOnly(file, options))
  }

  /// Opens for reading what a writer of this process has open, and so has looked at. Nobody but SQLite may open and
  /// close it then: by POSIX that drops all locks of the process, and whoever is the next to close the database takes
  /// himself for the last one and removes its log.
  static func readingBesideWriter(_ path: String, _ options: StoreOptions) throws(StoreError)
    -> StoreConnection
  {
    try checked(openReadOnly(StoreFile(path: path), options))
  }

  private static func checked(_ connection: StoreConnection) throws(StoreError) -> StoreConnection {
    let found = try connection.version()
    if found == 0 { throw .empty(path: connection.file.path) }
    guard found == StoreVersion.current else {
      throw .older(path: connection.file.path, found: found, known: StoreVersion.current)
    }
    return connection
  }

  /// A file of one's own is opened for writing with `query_only`, because only then SQLite clears its `-wal` and `-shm`
  /// away at the end. For everybody else nothing is made: where a log is there, somebody writes or has left it, and it is
  /// read with his index of it; else the file is read as immutable, and looked at afterwards.
  private static func openReadOnly(
    _ file: StoreFile, _ options: StoreOptions
  ) throws(StoreError) -> StoreConnection {
    var configuration = common(options)
    configuration.readonly = !file.letsReadersMakeFiles
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA query_only = ON")
      try db.execute(sql: "PRAGMA cache_size = -\(StoreLimits.readerCacheKiB)")
    }
    let connection =
      configuration.readonly
      ? try openLeavingNothing(file, options, configuration)
      : try openWithFilesBeside(file, options, configuration)
    try connection.forgetWhatIsRead()
    return connection
  }

  /// Where there is no room for these, and nothing is in a log, the file alone tells all.
  private static func openWithFilesBeside(
    _ file: StoreFile, _ options: StoreOptions, _ configuration: Configuration
  ) throws(StoreError) -> StoreConnection {
    do {
      let connection = try open(file, options, file.sqlitePath, configuration)
      file.shareFilesBeside()
      return connection
    } catch {
      guard case .failed(_, SQLiteWords.noRoomForIndex, _) = error, (file.writeAheadLog?.size ?? 0) == 0
      else {
        throw error
      }
      var readOnly = configuration
      readOnly.readonly = true
      return try openImmutable(file, options, readOnly)
    }
  }

  private static func openLeavingNothing(
    _ file: StoreFile, _ options: StoreOptions, _ configuration: Configuration
  ) throws(StoreError) -> StoreConnection {
    guard let log = file.writeAheadLog else { return try openImmutable(file, options, configuration) }
    do {
      return try open(file, options, file.sharedURI, configuration)
    } catch {
      // It may have gone meanwhile; an empty one that nobody has open holds nothing.
      if file.writeAheadLog == nil || log.size == 0 { return try openImmutable(file, options, configuration) }
      if case .failed(_, let code, _) = error, code & 0xff == SQLITE_CANTOPEN {
        throw .needsOwner(path: file.path)
      }
      throw error
    }
  }

  private static func openImmutable(
    _ file: StoreFile, _ options: StoreOptions, _ configuration: Configuration
  ) throws(StoreError) -> StoreConnection {
    let status = file.status
    return try open(file, options, file.immutableURI, configuration, unlocked: status)
  }

  /// GRDB has SQLite call it for each column that a statement names, to tell observers what they might want to know of.
  /// Nobody observes a reader, and it was a quarter of the instructions of a cold report.
  private func forgetWhatIsRead() throws(StoreError) {
    try access { db in
      // Safe: the connection is open inside `access`; without an authorizer SQLite has nobody to call.
      if let handle = unsafe db.sqliteConnection { unsafe _ = sqlite3_set_authorizer(handle, nil, nil) }
    }
  }

  private static func common(_ options: StoreOptions) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(options.busySeconds)
    configuration.allowsUnsafeTransactions = true
    return configuration
  }

  private static func open(
    _ file: StoreFile, _ options: StoreOptions, _ name: String, _ configuration: Configuration,
    unlocked: FileStatus? = nil
  ) throws(StoreError) -> StoreConnection {
    try OpenFiles.check(path: file.path)
    PageCheck.register()
    do {
      let (queue, identity) = try OpenStores.opening(file.name) {
        try DatabaseQueue(path: name, configuration: configuration)
      }
      let connection = StoreConnection(
        file: file, options: options, queue: queue, identity: identity, unlocked: unlocked)
      if options.isInterruptible { try connection.setInterruptible(true) }
      return connection
    } catch {
      throw StoreError(error, path: file.path, busySeconds: options.busySeconds)
    }
  }
}

extension StoreConnection {
  /// The schema's version, once the file is known to be ours.
  /// - Throws: `foreign` for a database that has tables but not our application id, `newer`.
  private func version(known: Int = StoreVersion.current) throws(StoreError) -> Int {
    try access { db in
      let id = try UInt32(bitPattern: Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0)
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      let isEmpty = id == 0 && version == 0 && tables == 0
      guard isEmpty || id == StoreVersion.applicationID else {
        throw StoreError.foreign(path: file.path, applicationID: id)
      }
      guard version <= known else { throw StoreError.newer(path: file.path, found: version, known: known) }
      guard isEmpty || version >= StoreVersion.oldest else {
        throw StoreError.unreleased(path: file.path, found: version)
      }
      return version
    }
  }

  /// Runs the steps that are missing, all in one transaction: the version is the truth about the tables.
  ///
  /// A new file gets its tables before it is switched to WAL, so its header names its owner from the first commit on.
  private func migrate(_ steps: [Schema.Step]) throws(StoreError) {
    let target = steps.last?.version ?? 0
    guard try version(known: target) < target else { return }
    try access { db in
      if try Int.fetchOne(db, sql: "PRAGMA page_count") == 0 {
        try db.execute(sql: "PRAGMA page_size = \(StoreLimits.pageBytes)")
        PageCheck.reserveRoom(db)
      }
      try db.inTransaction(.immediate) {
        let found = try version(known: target)
        for step in steps where step.version > found {
          try db.execute(sql: step.sql)
          try step.run?(db, found)
        }
        try db.execute(sql: "PRAGMA application_id = \(StoreVersion.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(target)")
        return .commit
      }
    }
  }
}
