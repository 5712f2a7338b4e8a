internal import AccessLog

/// What became of an ingest's lines. `lines = stored + duplicate + skipped + rejected`, always.
public struct IngestCounts: Sendable, Equatable {
  /// Lines read, blank ones included.
  public internal(set) var lines: Int64 = 0
  /// New hops, committed.
  public internal(set) var stored: Int64 = 0
  /// Hops that the database already had.
  public internal(set) var duplicate: Int64 = 0
  /// Lines that are not access log lines.
  public internal(set) var skipped: Int64 = 0
  /// Access log lines that cannot be hops.
  public internal(set) var rejected: Int64 = 0
  /// Of the rejected ones: access logs behind something that is not known.
  public internal(set) var unread: Int64 = 0
  /// Of the stored and duplicate ones: lines whose unescaped quotes were repaired.
  public internal(set) var repaired: Int64 = 0

  /// Whether every line has exactly one outcome.
  public var holdsInvariant: Bool { lines == stored + duplicate + skipped + rejected }

  static func += (left: inout IngestCounts, right: IngestCounts) {
    left.lines += right.lines
    left.stored += right.stored
    left.duplicate += right.duplicate
    left.skipped += right.skipped
    left.rejected += right.rejected
    left.repaired += right.repaired
    left.unread += right.unread
  }
}

/// One log's share of an ingest.
public struct SourceCounts: Sendable, Equatable {
  /// The log's file name without folders and .gz.
  public internal(set) var source: String
  /// Empty where not known, as are the next three.
  public internal(set) var meshCluster: String
  /// The pod's namespace.
  public internal(set) var namespace: String
  /// The pod.
  public internal(set) var pod: String
  /// The container within the pod.
  public internal(set) var container: String
  /// Its lines.
  public internal(set) var counts: IngestCounts
}

/// A rejected line for people: where, why, and its beginning with nothing dangerous in it.
public struct RejectedLine: Sendable, Equatable {
  /// The log's name.
  public internal(set) var source: String
  /// 1-based.
  public internal(set) var line: Int64
  /// Why, and what to do.
  public internal(set) var reason: String
  /// Escaped; empty where the line is gone (it was too long).
  public internal(set) var excerpt: String
}

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

/// How far an ingest has come.
public struct IngestProgress: Sendable {
  /// Lines read.
  public var lines: Int64
  /// Bytes read, as they are in the files: compressed ones count as such.
  public var bytes: Int64
  /// The inputs' sizes in all, or nil where one is a stream.
  public var totalBytes: Int64?
  /// Since the beginning.
  public var seconds: Double
}
