internal import AccessLog
internal import GRDB

/// The index of request and trace ids: entries sorted within runs, as in a log-structured merge tree.
///
/// Ids are random. In one B-tree each would dirty a page of its own somewhere; here a batch appends a run of blocks, and
/// small runs are merged into the next one, so that a lookup makes one seek for every 65 536 entries and a few more
/// (docs/explanation/decisions/0003-storage-layout.md).
struct IdentifierRuns {
  private struct Run {
    var number: Int64
    var entries: Int
    var firstHop: Int64
  }

  /// The newest runs, back to the last that is full.
  private var open: [Run] = []
  /// `PRAGMA data_version` when last seen: another writer may have added runs.
  private let seenVersion: Int64

  init(_ connection: StoreConnection) throws(StoreError) {
    seenVersion = try connection.dataVersion()
    open = try connection.access { db in
      var open: [Run] = []
      let sql = "SELECT id, entries, first_hop FROM identifier_run ORDER BY id DESC"
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() {
        open.insert(Run(number: row[0], entries: row[1], firstHop: row[2]), at: 0)
        if (open.first?.entries ?? 0) > StoreLimits.identifierRunEntries / 2 { break }
      }
      return open
    }
  }

  /// Whether no other connection has written since.
  func isCurrent(_ connection: StoreConnection) throws(StoreError) -> Bool {
    try connection.dataVersion() == seenVersion
  }

  /// Adds entries, in any order, as the newest run; runs before it that are no larger become part of it.
  mutating func insert(_ entries: [IdentifierEntry], _ statements: IdentifierStatements) throws(SQLiteFailure)
  {
    guard !entries.isEmpty else { return }
    var sorted = BucketSort.sorted(entries) { UInt64($0.key) }
    assert(zip(sorted, sorted.dropFirst()).allSatisfy { $0 <= $1 })
    while let last = open.last, last.entries <= sorted.count,
      last.entries + sorted.count <= StoreLimits.identifierRunEntries
    {
      let older = try statements.take(run: last.number, base: last.firstHop)
      sorted = IdentifierRuns.merged(older, sorted)
      open.removeLast()
    }
    let run = Run(
      number: (open.last?.number ?? 0) + 1, entries: sorted.count,
      firstHop: sorted.reduce(Int64.max) { min($0, $1.hop) })
    try statements.insert(run: run.number, base: run.firstHop, sorted)
    open.append(run)
    assert(run.entries <= max(entries.count, StoreLimits.identifierRunEntries))
    if run.entries > StoreLimits.identifierRunEntries / 2 { open.removeFirst(open.count - 1) }
  }

  private static func merged(_ one: [IdentifierEntry], _ other: [IdentifierEntry]) -> [IdentifierEntry] {
    var merged: [IdentifierEntry] = []
    merged.reserveCapacity(one.count + other.count)
    var next = 0
    for entry in other {
      while next < one.count, one[next] < entry {
        merged.append(one[next])
        next += 1
      }
      merged.append(entry)
    }
    merged += one[next...]
    return merged
  }
}
