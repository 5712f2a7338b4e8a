/// Requests of one host by minute, added up from rows of several groups: memory is bounded by the minutes that differ, not by
/// groups times minutes.
struct HostMinutes: Sendable {
  /// Start, microseconds since the epoch, and attempts; so many from the first are ascending and each there once.
  private var list: [(start: Int64, attempts: Int64)] = []
  private var settled = 0
  /// Fewer are not worth it.
  private static let least = 64

  /// How many it holds, each minute once or several times.
  var count: Int { list.count }

  mutating func add(_ start: Int64, _ attempts: Int64) {
    if let last = list.last, last.start == start, list.count > settled {
      list[list.count - 1].attempts &+= attempts
    } else {
      list.append((start, attempts))
      if list.count > max(HostMinutes.least, settled * 2) { settle() }
    }
  }

  private mutating func settle() {
    list.sort { $0.start < $1.start }
    var place = 0
    for next in list.indices.dropFirst() {
      if list[next].start == list[place].start {
        list[place].attempts &+= list[next].attempts
      } else {
        place += 1
        list[place] = list[next]
      }
    }
    list.removeSubrange(min(place + 1, list.count)...)
    settled = list.count
  }

  /// Each minute once, in the order of time.
  var sorted: [(start: Int64, attempts: Int64)] {
    var copy = self
    copy.settle()
    return copy.list
  }
}

extension ImbalanceMetrics {
  /// The minute in which requests were spread worst over so many hosts, of those with enough of them to tell. Only hosts with
  /// requests in a minute are looked at: hosts times minutes would be too many.
  static func worstMinute(
    _ minutes: some Sequence<HostMinutes>, hosts: Int
  ) -> (minute: Int64, metrics: ImbalanceMetrics)? {
    let counts = minutes.flatMap(\.sorted).sorted { $0.start < $1.start }
    var worst: (minute: Int64, metrics: ImbalanceMetrics)?
    var next = 0
    while next < counts.count {
      let start = counts[next].start
      let end = counts[next...].firstIndex { $0.start != start } ?? counts.count
      let values = counts[next..<end].map { Double($0.attempts) }
      let metrics = ImbalanceMetrics(values, others: hosts - values.count, choices: values.reduce(0, +))
      if metrics.isUneven, metrics.maxOverMean > worst?.metrics.maxOverMean ?? 0 { worst = (start, metrics) }
      next = end
    }
    return worst
  }
}
