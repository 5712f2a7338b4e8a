// TraceStore: one SQLite file, its schema, its writer and its readers.
//
// The only room that knows SQL's side of things: it takes batches of hops from AccessLog and links from
// Correlation, and gives back values with every name resolved. The statements of reports live in Queries/, as
// files that a person can run. What a hop means is AccessLog's, what belongs together is Correlation's, how it
// looks is MeshweftKit's.
//
// GRDB opens, configures and closes connections and runs what is not hot; `RawStatement` is the C API for rows
// by the million.

/// What a caller may choose about a store; the defaults are for everyday use.
package struct StoreOptions: Sendable {
  /// Seconds that a connection waits for another writer before `StoreError.busy`.
  package var busySeconds: Double = StoreLimits.busySeconds
  /// Which bits of a text's hash are used. For tests, which force collisions with 0.
  package var textHashMask: UInt64 = .max

  package init() {}
}

/// The store's limits, with their units and what they cost.
package enum StoreLimits {
  /// Seconds that a second writer waits for the first one's transaction; a batch takes a fraction of one.
  package static let busySeconds = 5.0
  /// KiB of pages that a writer keeps in memory.
  static let writerCacheKiB = 32 * 1024
  /// KiB of pages that a reader keeps in memory.
  static let readerCacheKiB = 16 * 1024
  /// Bytes per database page; larger ones wrote no faster, and cost memory.
  static let pageBytes = 4096
  /// Pages in the write-ahead log (64 MiB) at which a commit copies them into the database. A quarter of that spent
  /// 0.7 s of an ingest of a million lines in waiting for the disk.
  static let checkpointPages = 16_384
  /// Rows after which the log is copied beside the writer, so that little is left for it to do then.
  static let checkpointRows = 1 << 16
  /// Entries of the index of ids in one run: a lookup costs one seek per run, and smaller runs are merged up to here.
  static let identifierRunEntries = 1 << 16
  /// Rows that one statement inserts: it spares SQLite the opening and closing of cursors for each.
  static let groupRows = 32
  /// Milliseconds in a stretch of time whose hops are counted: a 32nd of a minute, the smallest piece of time that
  /// correlation cuts.
  package static let stretchMilliseconds: Int64 = 1875

  /// The number since 1970 of the stretch that an instant is in; microseconds since the epoch.
  package static func stretch(of instant: Int64) -> Int64 {
    max(0, instant) / (stretchMilliseconds * 1000)
  }
  /// Milliseconds without a new hop at which a batch's dirty time is noted as two ranges instead of one.
  static let pendingGapMilliseconds: Int64 = 60_000
}
