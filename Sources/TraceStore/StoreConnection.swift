internal import AccessLog
internal import Foundation
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
  /// The secret of the database's hashes, once it was asked for.
  var knownSecret: HashSecret?

  private init(file: StoreFile, options: StoreOptions, queue: DatabaseQueue) {
    self.file = file
    self.options = options
    self.queue = queue
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
    if let error = error as? SQLiteFailure {
      return StoreError(
        code: error.code, detail: error.detail, path: file.path, busySeconds: options.busySeconds)
    }
    return StoreError(error, path: file.path, busySeconds: options.busySeconds)
  }

  func statement(_ sql: String) throws(StoreError) -> RawStatement {
    try access { db in
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
    do { try queue.close() } catch { throw sorted(error) }
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
    _ path: String, _ options: StoreOptions, steps: [Schema.Step] = Schema.steps
  ) throws(StoreError) -> StoreConnection {
    let file = StoreFile(path: path)
    try file.checkHeader()
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

  /// The same where a writer of this process has the file open, and so has looked at it. Nobody but SQLite may open and
  /// close it then: by POSIX that drops all locks of the process, and whoever is the next to close the database takes
  /// himself for the last one and removes its log.
  static func readingBesideWriter(_ path: String, _ options: StoreOptions) throws(StoreError)
    -> StoreConnection
  {
    try checked(openReadOnly(StoreFile(path: path), options))
  }

  private static func checked(_ connection: StoreConnection) throws(StoreError) -> StoreConnection {
    let found = try connection.version()
    guard found == Schema.current else {
      throw .older(path: connection.file.path, found: found, known: Schema.current)
    }
    return connection
  }

  /// A writable file is opened for writing with `query_only`, because only then SQLite clears its `-wal` and `-shm`
  /// away at the end. Where neither can be made, the file is read as immutable if no log is beside it.
  private static func openReadOnly(
    _ file: StoreFile, _ options: StoreOptions
  ) throws(StoreError) -> StoreConnection {
    var configuration = common(options)
    configuration.readonly = !file.isWritable
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA query_only = ON")
      try db.execute(sql: "PRAGMA cache_size = -\(StoreLimits.readerCacheKiB)")
    }
    let connection: StoreConnection
    do {
      connection = try open(file, options, file.sqlitePath, configuration)
    } catch {
      guard configuration.readonly, !file.hasWriteAheadLog else { throw error }
      connection = try open(file, options, file.immutableURI, configuration)
    }
    try connection.forgetWhatIsRead()
    return connection
  }

  /// GRDB has SQLite call it for each column that a statement names, to tell observers what they might want to know of.
  /// Nobody observes a reader, and it was a quarter of the instructions of a cold report.
  private func forgetWhatIsRead() throws(StoreError) {
    try access { db in
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
    _ file: StoreFile, _ options: StoreOptions, _ name: String, _ configuration: Configuration
  ) throws(StoreError) -> StoreConnection {
    PageCheck.register()
    do {
      let queue = try DatabaseQueue(path: name, configuration: configuration)
      return StoreConnection(file: file, options: options, queue: queue)
    } catch {
      throw StoreError(error, path: file.path, busySeconds: options.busySeconds)
    }
  }
}

extension StoreConnection {
  /// The schema's version, once the file is known to be ours.
  /// - Throws: `foreign` for a database that has tables but not our application id, `newer`.
  private func version(known: Int = Schema.current) throws(StoreError) -> Int {
    try access { db in
      let id = try UInt32(bitPattern: Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0)
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      let isEmpty = id == 0 && version == 0 && tables == 0
      guard isEmpty || id == Schema.applicationID else {
        throw StoreError.foreign(path: file.path, applicationID: id)
      }
      guard version <= known else { throw StoreError.newer(path: file.path, found: version, known: known) }
      guard isEmpty || version >= Schema.oldest else {
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
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(target)")
        return .commit
      }
    }
  }
}
