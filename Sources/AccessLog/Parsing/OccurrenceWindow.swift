/// Tells a line that occurs twice in a log from a log that is fed twice (docs/decisions/0001).
///
/// Envoy writes lines in the order of their ends, to some milliseconds; two lines that are equal to the byte have the
/// same end, so they stand near each other. Of equal lines within one pass over a source's log, the n-th is its n-th
/// occurrence. A pass ends where both start and end go back by more than `restartGap`: there the log begins again.
struct OccurrenceWindow {
  /// Microseconds. Lines of one Envoy are out of order by start+duration by 13 ms at most (measured).
  static let restartGap: Int64 = 1_000_000

  private struct Entry {
    var key: UInt64 = 0
    var count: UInt32 = 0
  }

  /// How far a source's log has come in this pass.
  private struct Pass {
    var latestStart = Int64.min
    var latestEnd = Int64.min
    var number: UInt64 = 0
  }

  private static let ways = 4
  private var entries: [Entry] = []
  private var nextVictim = 0
  private var passes: [Pass] = []

  /// How many equal lines of this source came before this one in its pass.
  mutating func occurrence(of line: Hash128, source: Int, start: Int64, end: Int64) -> UInt32 {
    let pass = advance(source: source, start: start, end: end)
    let key = line.low ^ pass &* 0x9E37_79B9_7F4A_7C15 | 1
    if entries.isEmpty { entries = Array(repeating: Entry(), count: Limits.occurrenceWindow) }
    let set = Int(truncatingIfNeeded: line.high) & (entries.count / OccurrenceWindow.ways - 1)
    let first = set * OccurrenceWindow.ways
    for index in first..<first + OccurrenceWindow.ways where entries[index].key == key {
      entries[index].count += 1
      return entries[index].count
    }
    entries[first + nextVictim] = Entry(key: key)
    nextVictim = (nextVictim + 1) & (OccurrenceWindow.ways - 1)
    return 0
  }

  private mutating func advance(source: Int, start: Int64, end: Int64) -> UInt64 {
    while passes.count <= source { passes.append(Pass()) }
    let gap = OccurrenceWindow.restartGap
    if passes[source].latestStart != Int64.min,
      start < passes[source].latestStart &- gap, end < passes[source].latestEnd &- gap
    {
      passes[source] = Pass(latestStart: start, latestEnd: end, number: passes[source].number + 1)
    } else {
      passes[source].latestStart = max(passes[source].latestStart, start)
      passes[source].latestEnd = max(passes[source].latestEnd, end)
    }
    return passes[source].number
  }
}
