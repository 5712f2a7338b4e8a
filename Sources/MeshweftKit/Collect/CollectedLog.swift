internal import AccessLog

/// What is known of a log and what is to be done with it.
struct CollectedLog {
  let name: LogName
  /// Of the container that is read, or was read last.
  private(set) var restarts: Int
  private(set) var hasBegun: Bool
  /// It was not in the last list.
  var isGone = false
  /// The log before the last restart is to be read first.
  private(set) var isPreviousDue = false
  private(set) var isDue = true
  var isReading = false
  /// Where reading goes on, microseconds since the epoch; nil for the beginning.
  private(set) var since: Int64?
  /// Where reading began: the log before a restart is read from there, since some of it may not have come.
  private let begin: Int64?
  /// The newest line that came.
  private var newest = Int64.min
  /// Tries that brought nothing new, in a row.
  private(set) var failures = 0
  private(set) var notBefore: ContinuousClock.Instant?
  /// The list, by its number, that must have come before it is read again: it tells of restarts.
  private(set) var awaitedList = 0
  private(set) var wasRead = false

  init(_ name: LogName, _ listed: ListedLog, since: Int64?) {
    self.name = name
    self.since = since
    begin = since
    restarts = listed.restarts
    hasBegun = listed.hasBegun
    isPreviousDue = listed.previousEnd.map { $0 >= since ?? .min } ?? false
  }

  /// Whether something is to be read when the time has come.
  var isOpen: Bool { isReading || (hasBegun && (isPreviousDue || isDue)) }

  func canBegin(_ now: ContinuousClock.Instant, lists: Int) -> Bool {
    !isReading && hasBegun && !isGone && (isPreviousDue || isDue) && awaitedList <= lists
      && notBefore.map { $0 <= now } ?? true
  }

  /// Where the next reading begins.
  var nextSince: Int64? { isPreviousDue ? begin : since }

  /// What a list says of it now.
  /// - Returns: how many containers came and went unseen between the last one and this one.
  mutating func update(_ listed: ListedLog, follows: Bool) -> Int {
    isGone = false
    if listed.hasBegun, !hasBegun { (hasBegun, isDue) = (true, true) }
    guard listed.restarts > restarts else { return 0 }
    let unseen = listed.restarts - restarts - 1
    restarts = listed.restarts
    if follows {
      isPreviousDue = listed.previousEnd != nil
      isDue = true
    }
    return unseen
  }

  /// All that is to be had was read.
  mutating func finishReading(isPrevious: Bool, lastTime: Int64?) {
    (isReading, wasRead) = (false, true)
    if isPrevious { isPreviousDue = false } else { isDue = false }
    failures = 0
    if !isPrevious { keep(lastTime) }
  }

  /// It is to be read on.
  mutating func readOn(at time: ContinuousClock.Instant, afterList number: Int) {
    (isDue, notBefore, awaitedList) = (true, time, number)
  }

  /// A try broke off; what came with it counts.
  mutating func fail(isPrevious: Bool, lastTime: Int64?, now: ContinuousClock.Instant) {
    isReading = false
    if let lastTime, lastTime > newest { failures = 0 }
    failures += 1
    newest = max(newest, lastTime ?? .min)
    if !isPrevious { keep(lastTime) }
    notBefore = now + Backoff.wait(after: failures)
  }

  mutating func giveUp(isPrevious: Bool) {
    isReading = false
    if isPrevious { isPreviousDue = false } else { isDue = false }
  }

  private mutating func keep(_ lastTime: Int64?) {
    guard let lastTime else { return }
    since = max(since ?? .min, lastTime - CollectLimits.overlap)
  }
}
