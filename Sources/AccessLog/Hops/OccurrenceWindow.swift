/// Tells a line that occurs twice in a log from a log that is fed twice (docs/explanation/decisions/0001).
///
/// Envoy writes lines in the order of their ends, to some milliseconds; two lines that are equal to the byte have the
/// same end, so they stand near each other. Of equal lines within one pass over a source's log, the n-th is its n-th
/// occurrence. A pass ends where the ends go back by more than `restartGap`, and either starts go back, too, or the
/// line is the one that the pass began with: there the log begins again. A log that was sorted by start goes back in
/// ends alone.
struct OccurrenceWindow {
  /// Microseconds, on top of the line's own precision. Lines of one Envoy are out of order by start+duration by
  /// 13 ms at most (measured). Equal lines whose pass is cut between them by a larger disorder count as one; a log
  /// of which all ends lie within the gap, twice in one input, counts twice.
  static let restartGap: Int64 = 100_000

  /// What the window needs to know of a line beside its hash.
  struct Times {
    /// Microseconds since the epoch.
    var start: Int64
    /// Microseconds since the epoch; from `start`, and not before it.
    var end: Int64
    /// Microseconds by which `end` may be wrong.
    var precision: Int64
  }

  /// A source's log. Its passes are found by a number, which is good until the generation is another one: then some of
  /// them are found again by the secret of its lines' names.
  struct Log {
    /// Numbers are given out from 0.
    var place = 0
    var generation = 0
    var seed: UInt64 = 0
  }

  private struct Entry {
    var key: UInt64 = 0
    var count: UInt32 = 0
  }

  /// How far a source's log has come in this pass.
  private struct Pass {
    /// The line that it began with; nil before the first.
    var first: Hash128?
    var latestStart = Int64.min
    var latestEnd = Int64.min
    var number: UInt64 = 0
    /// Of the log.
    var seed: UInt64 = 0
  }

  private static let ways = 4
  private var entries: [Entry] = []
  private var nextVictim = 0
  /// By the logs' places.
  private var passes: [Pass] = []
  /// Those of the generation before, by the logs' seeds. Of logs that were not read since then nothing is remembered: so
  /// many others were that no line of theirs is in the window any more.
  private var earlier: [UInt64: Pass] = [:]
  private var generation = 0

  /// How many equal lines of this source came before this one in its pass.
  mutating func occurrence(of line: Hash128, source: Log, at times: Times) -> UInt32 {
    let pass = advance(source: source, line, times)
    let key = line.low ^ pass &* 0x9E37_79B9_7F4A_7C15 | 1
    if entries.isEmpty { entries = Array(repeating: Entry(), count: Limits.occurrenceWindow) }
    let victim = nextVictim
    return unsafe entries.withUnsafeMutableBufferPointer { entries in
      // Safe: the set is masked to their number, a power of two.
      let set = Int(truncatingIfNeeded: line.high) & (Limits.occurrenceWindow / OccurrenceWindow.ways - 1)
      let first = set &* OccurrenceWindow.ways
      for way in 0..<OccurrenceWindow.ways where unsafe entries[first &+ way].key == key {
        unsafe entries[first &+ way].count += 1
        return unsafe entries[first &+ way].count
      }
      unsafe entries[first &+ victim] = Entry(key: key)
      nextVictim = (victim &+ 1) & (OccurrenceWindow.ways - 1)
      return 0
    }
  }

  private mutating func advance(source log: Log, _ line: Hash128, _ times: Times) -> UInt64 {
    if log.generation != generation { startOver(log.generation) }
    let place = log.place
    while passes.count <= place { passes.append(Pass()) }
    let pass = passes[place]
    guard let first = pass.first else { return begin(log, line, times) }
    let gap = OccurrenceWindow.restartGap + times.precision
    if times.end < pass.latestEnd &- gap, times.start < pass.latestStart || line == first {
      passes[place] = Pass(
        first: line, latestStart: times.start, latestEnd: times.end, number: pass.number + 1, seed: log.seed)
      return pass.number + 1
    }
    passes[place].latestStart = max(pass.latestStart, times.start)
    passes[place].latestEnd = max(pass.latestEnd, times.end)
    return pass.number
  }

  /// The first line of a log since the generation began.
  @inline(never)
  private mutating func begin(_ log: Log, _ line: Hash128, _ times: Times) -> UInt64 {
    guard let pass = earlier[log.seed] else {
      passes[log.place] = Pass(
        first: line, latestStart: times.start, latestEnd: times.end, seed: log.seed)
      return 0
    }
    passes[log.place] = pass
    return advance(source: log, line, times)
  }

  private mutating func startOver(_ next: Int) {
    generation = next
    earlier = Dictionary(passes.lazy.filter { $0.first != nil }.map { ($0.seed, $0) }) { $1 }
    passes.removeAll()
  }
}
