internal import GRDB

/// The last run of `identifier`: rows sorted by key within runs of bounded size, as in a log-structured merge tree.
///
/// Request ids are random. In one B-tree each would dirty a page of its own somewhere; in a run they stay within a
/// few megabytes whatever the database's size, and a batch that is larger than the rest of the run is appended in
/// order. The price: a lookup makes one seek per run (docs/decisions/0003-storage-layout.md).
struct IdentifierRun {
  private var number: Int64
  private var rows: Int
  /// `PRAGMA data_version` when last seen: another writer may have filled the run.
  private var seenVersion: Int64

  init(_ connection: StoreConnection) throws(StoreError) {
    (number, rows, seenVersion) = try connection.access { db in
      let last = try Int64.fetchOne(db, sql: "SELECT max(run) FROM identifier") ?? 0
      let rows = try Int.fetchOne(db, sql: "SELECT count(*) FROM identifier WHERE run = ?", arguments: [last])
      return (last, rows ?? 0, try IdentifierRun.version(db))
    }
  }

  /// Whether no other connection has written since.
  func isCurrent(_ connection: StoreConnection) throws(StoreError) -> Bool {
    try connection.access { db in try IdentifierRun.version(db) } == seenVersion
  }

  private static func version(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0
  }

  mutating func insert(
    _ entries: [IdentifierEntry], _ statements: WriterStatements
  ) throws(SQLiteFailure) {
    if rows > 0 && rows + entries.count > StoreLimits.identifierRunRows {
      number += 1
      rows = 0
    }
    rows += entries.count
    var sorted = entries
    sorted.sort { ($0.key, $0.hop) < ($1.key, $1.hop) }
    var next = 0
    while next < sorted.count {
      let isGroup = next + StoreLimits.groupRows <= sorted.count
      let statement = isGroup ? statements.insertIdentifiers : statements.insertIdentifier
      let end = next + (isGroup ? StoreLimits.groupRows : 1)
      var index: Int32 = 1
      while next < end {
        statement.bind(index, number)
        statement.bind(index + 1, sorted[next].key)
        statement.bind(index + 2, sorted[next].hop)
        index += 3
        next += 1
      }
      try statement.run()
    }
  }
}
