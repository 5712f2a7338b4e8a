internal import TraceStore

/// The reading of something long: a step at a time, each of one moment of the store, and none of them while output is
/// written. A reader at the other end may take hours, and a snapshot that were kept so long would keep the writers' log
/// from being copied.
struct ReadingSteps {
  /// What was read of one moment.
  struct Step {
    var bytes: [UInt8] = []
    /// Whether there is no more.
    var isLast = false
    /// Up to which start it comes, microseconds since the epoch.
    var start: Int64?
    /// Sentences for standard error.
    var notes: [String] = []
  }

  private let reader: StoreReader

  init(_ reader: StoreReader) { self.reader = reader }

  /// Calls `read` within one snapshot after the other until it says that there is no more, and hands out what it gave between
  /// them. Returns all notes; throws what both throw.
  func run(
    _ read: (_ isFirst: Bool) throws -> Step, output: ([UInt8]) throws -> Void
  ) throws -> [String] {
    var version: Int64?
    var before: Int64?
    var isSaid = false
    var notes: [String] = []
    while true {
      let (step, current) = try reader.snapshot { (try read(version == nil), try reader.version()) }
      let hasChanged = version.map { $0 != current } ?? false
      if hasChanged, !isSaid {
        isSaid = true
        let place = before.map { "what started after \(Instant.text($0))" } ?? "the rest"
        notes.append(
          "the database was written to while this long listing was read: \(place) is from a later moment")
      }
      notes += step.notes
      version = current
      before = step.start ?? before
      if !step.bytes.isEmpty { try output(step.bytes) }
      if step.isLast { return notes }
      if hasChanged { try reader.makeWay() }
    }
  }
}
