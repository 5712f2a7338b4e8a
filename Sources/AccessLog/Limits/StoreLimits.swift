/// The store, with what they cost.
package enum StoreLimits {
  /// Seconds that a second writer waits for the first one's transaction; a batch takes a fraction of one.
  package static let busySeconds = 5.0
  /// Seconds that an ingest waits for another writer once it has stored lines: to give up would lose a stream's next lines.
  /// A slow disk, and reports that link what was stored, can hold it up for longer than `busySeconds`.
  package static let busySecondsOfIngest = 60.0
  /// Files that a process must be allowed to have open (`ulimit -n`): standard streams, the database and its log for each of
  /// up to three connections, temporary files, and what the system's libraries need, with one input beside them.
  package static let openFiles = 18
  /// Seconds that a report waits for another writer, so that it can link what was stored before it looks at it. After that
  /// it shows what is linked already.
  package static let busySecondsOfReport = 1.0
  /// KiB of pages that a writer keeps in memory.
  package static let writerCacheKiB = 32 * 1024
  /// KiB of pages that a reader keeps in memory.
  package static let readerCacheKiB = 16 * 1024
  /// Bytes per database page; larger ones wrote no faster, and cost memory.
  package static let pageBytes = 4096
  /// Pages in the write-ahead log (64 MiB) at which a commit copies them into the database. A quarter of that spent
  /// 0.7 s of an ingest of a million lines in waiting for the disk.
  package static let checkpointPages = 16_384
  /// Bytes of the write-ahead log beyond which a reader that goes on in steps makes way between them, and says so where it
  /// cannot.
  package static let longLogBytes = Int64(checkpointPages * pageBytes)
  /// Seconds that it waits then at most, and how often it looks meanwhile.
  package static let makingWaySeconds = 1.0
  package static let makingWayRounds = 20
  /// Bytes of output that are collected from one moment of the store. What is longer is read in steps, each of its own
  /// moment, so that a reader at the other end who takes his time keeps no writer's log from being copied.
  package static let stepBytes = 1 << 23
  /// Hops of the traces that are collected so, where it is not yet known how many bytes they will be.
  package static let stepHops = 1 << 13
  /// Bytes of a value that a statement of a user's may make.
  package static let queryValueBytes: Int32 = 1 << 24
  /// Rows that were changed after which the log is copied beside the writer, so that little is left for it to do then.
  package static let checkpointRows = 1 << 16
  /// Entries of the index of ids in one run: a lookup costs one seek per run, and smaller runs are merged up to here.
  package static let identifierRunEntries = 1 << 16
  /// Rows that one statement inserts: it spares SQLite the opening and closing of cursors for each.
  package static let groupRows = 32
  /// Milliseconds in a slot, a stretch of time whose hops are counted: a 32nd of a minute, the smallest unit of time that
  /// correlation cuts.
  package static let slotMilliseconds: Int64 = 1875
  /// Milliseconds without a new hop at which a batch's dirty time is noted as two ranges instead of one.
  package static let pendingGapMilliseconds: Int64 = 60_000
  /// Hex digits of an id that a search may start with; fewer are refused, for they would match by chance.
  package static let identifierPrefix = 8
}
