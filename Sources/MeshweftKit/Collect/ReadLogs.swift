internal import AccessLog
internal import TraceStore

/// How far logs were read in earlier runs, and how far back they are wanted in this one.
struct ReadLogs {
  private let marks: [ReadMark.Run: ReadMark]
  /// The newest run of each container that was read, by a run without its number and pod.
  private let newest: [ReadMark.Run: ReadMark.Run]
  /// Microseconds since the epoch, by this machine's clock.
  private let now: Int64
  /// Seconds; nil for all of a log.
  private let since: Int64?
  let readAs: String

  /// Nothing was read. `since`: seconds.
  init(now: Int64, since: Int64?, readAs: String) {
    self.init([], now: now, since: since, readAs: readAs)
  }

  /// Of a store that need not be there. Lines that were read under another format do not count: they may mean something now.
  /// - Throws: `StoreError`
  init(database: String, now: Int64, since: Int64?, readAs: String) throws {
    var marks: [ReadMark] = []
    if FileStatus(FileName(database)) != nil {
      let reader = try UpToDateStore.readerOfAnyLinks(database)
      marks = try reader.readMarks()
      try reader.close()
    }
    self.init(marks.filter { $0.readAs == readAs }, now: now, since: since, readAs: readAs)
  }

  private init(_ marks: [ReadMark], now: Int64, since: Int64?, readAs: String) {
    (self.now, self.since, self.readAs) = (now, since, readAs)
    self.marks = Dictionary(marks.map { ($0.run, $0) }) { one, _ in one }
    newest = Dictionary(marks.map { (ReadLogs.container($0.run), $0.run) }) { one, other in
      one.restarts > other.restarts ? one : other
    }
  }

  private static func container(_ run: ReadMark.Run) -> ReadMark.Run {
    var container = run
    container.restarts = 0
    return container
  }

  func mark(of run: ReadMark.Run) -> ReadMark? { marks[run] }

  /// The last run before this one of which something was read.
  func last(before run: ReadMark.Run) -> ReadMark? {
    newest[ReadLogs.container(run)].flatMap { $0.restarts < run.restarts ? marks[$0] : nil }
  }

  /// How far back the user wants a log of which nothing was read.
  var wanted: LogStart { since.map { .ago(seconds: $0) } ?? .beginning }

  /// About when that is, microseconds since the epoch.
  var wantedFrom: Int64? { since.map { now - $0 * 1_000_000 } }

  /// Where reading goes on behind a line. `from`: how far back reading had begun.
  ///
  /// What the user wants is counted by the node's clock, which tells nothing here; where this machine's says that the line is
  /// older than that, it is left to the node.
  func start(behind last: Int64?, from: Int64?) -> LogStart {
    guard let last else { return wanted }
    guard let wantedFrom else { return .time(last - CollectLimits.overlap) }
    if let from, from > wantedFrom + CollectLimits.overlap { return wanted }
    return last < wantedFrom ? wanted : .time(last - CollectLimits.overlap)
  }
}
