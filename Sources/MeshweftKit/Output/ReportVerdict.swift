/// What follows from a report for the exit status.
public enum ReportVerdict: Sendable, Equatable {
  /// Nothing.
  case fine
  /// What `--fail-on` names was found, a sentence each.
  case found([String])
  /// A gate cannot be judged, or the database is not sound.
  case failed

  /// Of a gate: what it found; `isPartial`: whether not everything may have been seen.
  init(gate: Bool, found: [String], isPartial: Bool) {
    // A gate that cannot be judged is not passed.
    self = !found.isEmpty ? .found(found) : gate && isPartial ? .failed : .fine
  }
}
