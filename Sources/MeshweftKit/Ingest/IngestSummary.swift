internal import AccessLog

/// What an ingest did.
public struct IngestSummary: Sendable {
  /// All sources together.
  public internal(set) var counts = IngestCounts()
  /// In the order in which the sources were met; not more than are listed (docs/reference/limits.md).
  public internal(set) var sources: [SourceCounts] = []
  /// The sources that were met after those, together; nil where there are none.
  public internal(set) var otherSources: IngestCounts?
  /// The first `Ingest.shownRejections` of them.
  public internal(set) var rejectedLines: [RejectedLine] = []
  /// Microseconds since the epoch; nil where no hop was read.
  public internal(set) var firstStart: Int64?
  /// Microseconds since the epoch.
  public internal(set) var lastStart: Int64?
  /// Kubernetes objects that were read. Their lines are among the skipped ones.
  public internal(set) var objects: Int64 = 0
  /// Of these, what was new or newer than what the database had.
  public internal(set) var newObjects: Int64 = 0
  /// Wall time.
  public internal(set) var seconds: Double = 0
  /// Inputs that could not be read whole; the exit code is 2 if there are any.
  public internal(set) var inputErrors: [InputError] = []
  /// Inputs that were left out, and why, a sentence each: not errors.
  public internal(set) var notes: [String] = []
  /// Files in folders that are not *.log or *.log.gz.
  public internal(set) var ignoredFiles = 0
  /// Logs in folders that were left out because logs of the same names lie in a folder above.
  public internal(set) var repeatedFiles = 0
  /// A signal ended it before its inputs' end, or before its lines were linked.
  public internal(set) var wasInterrupted = false
  /// It was to link what was stored, and ended before: the next command that looks at links does so.
  public internal(set) var leavesUnlinked = false

  /// More of the access-log lines are unread than a stray one or two: something was not understood, and what was stored is a
  /// part of the log.
  public var isLargelyUnread: Bool {
    counts.unread > 0 && counts.unread * 100 > (counts.lines - counts.skipped) * Limits.unreadPercent
  }
}
