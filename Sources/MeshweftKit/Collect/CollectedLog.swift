internal import AccessLog
internal import TraceStore

/// What is known of a log and what is to be done with it.
struct CollectedLog {
  /// What is read of it.
  enum Part { case current, previous, lastLine }

  let name: LogName
  private(set) var current: LogRun
  private(set) var previous: LogRun?
  private(set) var hasBegun: Bool
  private var isWaiting: Bool
  /// The run at hand had ended when it was listed last.
  private(set) var hasEnded: Bool
  /// It was not in the last list.
  var isGone = false
  private(set) var isReading = false
  /// Whether a clock was set back is asked by the last line of the log.
  private(set) var isLastLineDue = false
  /// Times of the kubelet's went back: they do not tell where to go on.
  private var hasJumped = false
  /// It cannot be read before a list says that it runs.
  private var awaitsStart = false
  /// The most bytes that a try brought, and where the last one ended.
  private var mostBytes: Int64 = 0
  /// Tries that brought nothing new, in a row.
  private(set) var failures = 0
  private(set) var notBefore: ContinuousClock.Instant?
  /// The list, by its number, that must have come before it is read again: it tells of restarts.
  private(set) var awaitedList = 0
  private(set) var wasRead = false
  /// What stood behind the last line feed when a log that has ended was read.
  private(set) var tornEnd: TornEnd?
  private var saidMarks: [ReadMark] = []
  private var newest = Int64.min

  init(_ name: LogName, _ listed: ListedLog, _ read: ReadLogs) {
    self.name = name
    current = LogRun(listed.run, read.mark(of: name.run(listed.run)))
    (hasBegun, isWaiting, hasEnded) = (listed.hasBegun, listed.isWaiting, listed.hasEnded)
    current.isDue = !(current.isComplete && hasEnded)
    if listed.hasPrevious {
      let run = ListedLog.Run(uid: listed.run.uid, restarts: listed.run.restarts - 1)
      var before = LogRun(run, read.mark(of: name.run(run)))
      before.isDue = !before.isComplete
      previous = before
    }
  }

  /// Whether something is to be read when the time has come.
  var isOpen: Bool { isReading || (hasBegun && !awaitsStart && nextPart != nil) }

  /// Something was read, and no list has said yet of which run.
  var isUnsure: Bool { !isGone && (current.isUnsure || previous?.isUnsure ?? false) }

  var nextPart: Part? {
    if previous?.isDue ?? false { return .previous }
    if isLastLineDue { return .lastLine }
    return current.isDue ? .current : nil
  }

  func canBegin(_ now: ContinuousClock.Instant, lists: Int) -> Bool {
    !isReading && isOpen && !isGone && awaitedList <= lists && notBefore.map { $0 <= now } ?? true
  }

  /// Where the next reading of a part begins.
  func start(of part: Part, _ read: ReadLogs) -> LogStart {
    let run = part == .previous ? previous : current
    guard part != .lastLine, !hasJumped, let position = run?.position else { return read.wanted }
    return read.start(behind: position.last, from: position.from)
  }

  mutating func begin(_ part: Part, _ start: LogStart, _ read: ReadLogs) {
    isReading = true
    let isAll = start == read.wanted
    change(part) { isAll ? $0.beginAnew(from: read.wantedFrom) : $0.begin(from: read.wantedFrom) }
  }

  mutating func change(_ part: Part, _ body: (inout LogRun) -> Void) {
    switch part {
    case .current: body(&current)
    case .previous:
      guard var run = previous else { return }
      body(&run)
      previous = run
    case .lastLine: break
    }
  }
}

// What lists say.
extension CollectedLog {
  /// What a list says of it now.
  /// - Returns: what was lost between this list and the last one, for people; nil for nothing.
  mutating func update(_ listed: ListedLog, list number: Int, follows: Bool, _ read: ReadLogs) -> String? {
    isGone = false
    (isWaiting, hasEnded) = (listed.isWaiting, listed.hasEnded)
    if listed.hasBegun, !hasBegun { (hasBegun, current.isDue) = (true, true) }
    if awaitsStart, !listed.isWaiting { (awaitsStart, current.isDue) = (false, true) }
    guard listed.run != current.run else {
      _ = current.confirm(list: number)
      _ = previous?.confirm(list: number)
      return nil
    }
    return change(to: listed, list: number, follows: follows, read)
  }

  /// The container was started again, or the pod is another one of the same name.
  private mutating func change(to listed: ListedLog, list number: Int, follows: Bool, _ read: ReadLogs)
    -> String?
  {
    var before = current
    (isLastLineDue, hasJumped, awaitsStart, tornEnd) = (false, false, false, nil)
    current = LogRun(listed.run, read.mark(of: name.run(listed.run)))
    current.isDue = follows || before.isDue
    if isReading {
      // It is the new run's log that is read, or the old one's end, which says nothing of the new one.
      current.begin(from: read.wantedFrom)
      current.opened(nextList: number + 1)
    }
    guard listed.run.uid == before.run.uid else {
      previous = nil
      return nil
    }
    let sawEnd = before.sawEnd && before.isConfirmed
    if before.isUnsure { before.deny() }
    let gap = listed.run.restarts - before.run.restarts
    if gap == 1 {
      previous = before
    } else {
      let run = ListedLog.Run(uid: listed.run.uid, restarts: listed.run.restarts - 1)
      previous = LogRun(run, read.mark(of: name.run(run)))
    }
    let isComplete = previous?.isComplete ?? false
    previous?.isDue = listed.hasPrevious && !isComplete
    return CollectedLog.loss(restarts: gap, sawEnd: sawEnd)
  }

  /// What nobody can read any more of a container that was started again so often.
  static func loss(restarts: Int, sawEnd: Bool) -> String? {
    if restarts > 2 { return "restarted \(restarts) times since it was read: logs in between are lost" }
    return restarts == 2 && !sawEnd
      ? "restarted twice since it was read: the end of the log before may be lost" : nil
  }
}

// How readings go.
extension CollectedLog {
  /// What a reading brought.
  struct Outcome {
    var part: Part
    var run: ListedLog.Run
    var start: LogStart
    var follows: Bool
    /// The run had ended before it began.
    var wasOfEnded: Bool
    /// The kubelet's time of the last whole line, microseconds since the epoch.
    var lastTime: Int64?
    var bytes: Int64
    /// Times went back by more than lines that come at once are apart.
    var hasJumped: Bool
    var tornEnd: TornEnd?

    var isResumed: Bool { if case .time = start { true } else { false } }
  }

  private func isOfThisRun(_ outcome: Outcome) -> Bool {
    outcome.run == (outcome.part == .previous ? previous?.run : current.run)
  }

  /// Lines have come.
  mutating func advance(_ outcome: Outcome) {
    guard isOfThisRun(outcome) else { return }
    change(outcome.part) { $0.advance(to: outcome.lastTime) }
  }

  /// All that is to be had was read.
  mutating func finish(_ outcome: Outcome) {
    (isReading, wasRead, failures, mostBytes, tornEnd) = (false, true, 0, 0, nil)
    if outcome.part == .lastLine { return finishLastLine(outcome.lastTime) }
    guard isOfThisRun(outcome) else { return }
    let known = (outcome.part == .previous ? previous : current)?.sure?.last
    let isComplete = outcome.part == .previous || outcome.wasOfEnded
    change(outcome.part) {
      $0.advance(to: outcome.lastTime)
      $0.isDue = false
      $0.sawEnd = outcome.follows || isComplete
      if isComplete { $0.complete() }
    }
    guard outcome.isResumed else { return }
    if outcome.hasJumped {
      hasJumped = true
      change(outcome.part) { $0.isDue = true }
    } else if outcome.part == .current, !outcome.follows, let known, outcome.lastTime ?? .min <= known {
      isLastLineDue = true
    }
  }

  /// Where the last line is older than what was read before, newer ones hide behind a clock that was set back.
  private mutating func finishLastLine(_ lastTime: Int64?) {
    isLastLineDue = false
    guard let lastTime, let known = current.position?.last, lastTime < known - CollectLimits.overlap else {
      return
    }
    (hasJumped, current.isDue) = (true, true)
  }

  /// It is to be read on.
  mutating func readOn(at time: ContinuousClock.Instant, afterList number: Int) {
    (current.isDue, notBefore, awaitedList) = (true, time, number)
  }

  /// A try broke off; what came with it counts.
  mutating func fail(_ outcome: Outcome, now: ContinuousClock.Instant) {
    isReading = false
    if outcome.bytes > mostBytes || outcome.lastTime ?? .min > newest { failures = 0 }
    failures += 1
    (mostBytes, newest) = (max(mostBytes, outcome.bytes), max(newest, outcome.lastTime ?? .min))
    advance(outcome)
    if outcome.isResumed, outcome.hasJumped { hasJumped = true }
    let isOver = outcome.part == .previous || outcome.wasOfEnded
    tornEnd = isOver ? outcome.tornEnd : nil
    notBefore = now + Backoff.wait(after: failures)
  }

  mutating func giveUp(_ part: Part, awaitsStart: Bool = false) {
    isReading = false
    self.awaitsStart = awaitsStart
    if part == .lastLine { isLastLineDue = false }
    change(part) {
      $0.isDue = false
      if $0.attempt?.last == nil { $0.deny() }
    }
  }

  /// It is never read in this run of meshweft.
  mutating func leaveOut() {
    (isLastLineDue, current.isDue, previous) = (false, false, nil)
    current.deny()
  }

  /// How far it has been read, as far as that was not said before.
  mutating func newMarks(_ readAs: String) -> [ReadMark] {
    let marks = [previous, current].compactMap { run -> ReadMark? in
      guard let run, run.isConfirmed, let sure = run.sure else { return nil }
      return ReadMark(
        run: name.run(run.run), last: sure.last, from: sure.from, isComplete: sure.isComplete, readAs: readAs)
    }
    defer { saidMarks = marks }
    return marks.filter { !saidMarks.contains($0) }
  }
}
