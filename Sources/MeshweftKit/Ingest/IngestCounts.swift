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
