/// The numbers of lines within their sources' own logs, where a stream holds lines of several.
///
/// A stream of one source numbers its lines as they come. From the second source on each has a count of its own, so that a
/// pod's lines have the numbers that they have in its own log, where nothing is left out; never larger ones. (In a file of
/// several pods a line's number is its place in the file.)
struct LineNumbers {
  /// Whose lines are counted together: a source as it was told, or a pod's address where nothing names it.
  struct Log: Hashable {
    var source: Int32
    var address: String
  }

  private var sole: Log?
  private var counts: [Log: Int64] = [:]
  private var generation = 0
  /// The last one that was asked for, and its count, which is in no table yet.
  private var current = Log(source: -1, address: "")
  private var count: Int64 = 0

  /// Whether lines of more than one source have come.
  private(set) var isMixed = false

  /// The number of a hop's line, which is the `number`th of the input. `first`: the source that the input began with.
  mutating func number(_ log: Log, after first: Int32?, input number: Int64, generation: Int) -> Int64 {
    if generation != self.generation { forget(generation) }
    if !isMixed {
      let before = sole ?? first.map { Log(source: $0, address: "") }
      guard let before, before != log else {
        sole = log
        return number
      }
      isMixed = true
      counts[before] = number - 1
    }
    return next(log)
  }

  /// Counts a line that is no hop.
  mutating func skip(_ log: Log, generation: Int) {
    guard isMixed else { return }
    if generation != self.generation { forget(generation) }
    _ = next(log)
  }

  private mutating func next(_ log: Log) -> Int64 {
    if log != current {
      if current.source >= 0 { counts[current] = count }
      current = log
      count = counts[log] ?? 0
    }
    count += 1
    return count
  }

  /// Numbers of sources stand for other ones now.
  private mutating func forget(_ next: Int) {
    generation = next
    counts.removeAll()
    (sole, current) = (nil, Log(source: -1, address: ""))
  }
}
