package import Queries
internal import GRDB

/// Reads a store; any number of them may, while one writer writes. A class for one thread.
///
/// Each call sees one state of the database; `snapshot` makes several calls see the same one.
package final class StoreReader {
  let connection: StoreConnection
  /// What its links do not cover yet; for whoever prints what it reads.
  package var unlinked: UnlinkedLines?
  private var snapshots = 0
  /// Statements that were run before and are not in use, by their text.
  private var idle: [String: RawStatement] = [:]

  /// Opens a store for reading; a file and folder that may only be read will do.
  /// - Throws: `StoreError`: `missing`, `older` for a schema that a writer must bring up to date first, or any
  ///   other error of opening.
  package convenience init(path: String, options: StoreOptions = StoreOptions()) throws(StoreError) {
    try self.init(StoreConnection.reading(path, options))
  }

  /// Opens a store that a writer of this process has open.
  /// - Throws: any `StoreError` of opening.
  package convenience init(besideWriterOf path: String, options: StoreOptions = StoreOptions())
    throws(StoreError)
  {
    try self.init(StoreConnection.readingBesideWriter(path, options))
  }

  init(_ connection: StoreConnection) { self.connection = connection }

  package func close() throws(StoreError) {
    idle = [:]
    try connection.close()
  }

  /// Everything that `body` reads is of one moment, whatever is written meanwhile.
  /// - Throws: what `body` throws, and `StoreError`.
  package func snapshot<T>(_ body: () throws -> T) throws -> T {
    try connection.read { db in
      if snapshots == 0 { try db.beginTransaction(.deferred) }
      snapshots += 1
      defer {
        snapshots -= 1
        // Nothing was written: ending the transaction cannot fail in a way that matters.
        if snapshots == 0 { try? db.commit() }
      }
      return try body()
    }
  }

  /// Runs a report's statement; every row goes to `body`, and is valid inside it only.
  /// - Parameters:
  ///   - query: one of `Query.all`.
  ///   - parameters: by name without colon; one that is not given is NULL. An unknown one is an error.
  ///   - body: takes a row; columns in the order of the statement's SELECT.
  /// - Throws: what `body` throws, and `StoreError`.
  package func run(
    _ query: Query, _ parameters: [String: SQLValue] = [:], _ body: (SQLRow) throws -> Void
  ) throws {
    try rows(query.sql, parameters, body)
  }

  func rows(_ sql: String, _ parameters: [String: SQLValue], _ body: (SQLRow) throws -> Void) throws {
    try connection.checkInterruption()
    try connection.read { _ in
      let statement = try idle.removeValue(forKey: sql) ?? connection.statement(sql)
      defer {
        statement.reset()
        idle[sql] = statement
      }
      try statement.bind(parameters)
      while try statement.step() {
        try body(SQLRow(statement: statement))
        try connection.checkInterruption()
      }
    }
  }
}

extension StoreConnection {
  /// Like `access`, but errors of the caller's own pass through.
  func read<T>(_ body: (Database) throws -> T) throws -> T {
    do {
      let value = try queue.unsafeReentrantRead(body)
      try checkUnchanged()
      return value
    } catch let error as SQLiteFailure {
      throw sorted(error)
    } catch let error as DatabaseError {
      throw sorted(error)
    }
  }
}
