internal import TraceStore

/// How far the log of one run of a container was read.
///
/// A reading is of the run that was listed only where a list that was begun after it says so, too: between a list and the
/// opening of a log the container may have been started again. Until then what it brought is in the database, but reading
/// goes on where it began.
struct LogRun {
  struct Position: Equatable {
    /// The kubelet's time of the last line, microseconds since the epoch.
    var last: Int64?
    /// How far back reading began; nil for the beginning.
    var from: Int64?
    /// The log has been read to the end of a run that had ended.
    var isComplete = false
  }

  let run: ListedLog.Run
  /// What is sure; nil for nothing.
  private(set) var sure: Position?
  private(set) var attempt: Position?
  /// The list, by its number, from which on the attempt is sure; nil while the log is not open.
  private(set) var awaited: Int?
  private(set) var isConfirmed = false
  /// Its log is to be read.
  var isDue = false
  /// It ended, and was read until then.
  var sawEnd = false

  init(_ run: ListedLog.Run, _ mark: ReadMark?) {
    self.run = run
    sure = mark.map { Position(last: $0.last, from: $0.from, isComplete: $0.isComplete) }
  }

  var isComplete: Bool { sure?.isComplete ?? false }
  /// It was read, and no list has said yet of which run that was.
  var isUnsure: Bool { attempt != nil && !isConfirmed }
  /// Where reading goes on within this run of meshweft's.
  var position: Position? { attempt ?? sure }

  mutating func begin(from: Int64?) {
    attempt = attempt ?? sure ?? Position(from: from)
    (awaited, isConfirmed) = (nil, false)
  }

  /// All of it is read again: what was read does not tell where to go on.
  mutating func beginAnew(from: Int64?) {
    (sure, attempt) = (nil, Position(from: from))
    (awaited, isConfirmed) = (nil, false)
  }

  /// The log is open: from now on it cannot become another one's.
  mutating func opened(nextList number: Int) { awaited = awaited ?? number }

  mutating func advance(to last: Int64?) {
    guard let last, attempt != nil else { return }
    attempt?.last = last
    if isConfirmed { sure = attempt }
  }

  mutating func complete() {
    attempt?.isComplete = true
    if isConfirmed { sure = attempt }
  }

  /// Takes that this run was in the list of a number.
  /// - Returns: whether that makes it sure.
  mutating func confirm(list number: Int) -> Bool {
    guard attempt != nil, !isConfirmed, let awaited, awaited <= number else { return false }
    isConfirmed = true
    sure = attempt
    return true
  }

  /// What was read may have been another run's.
  mutating func deny() { (attempt, awaited, isConfirmed) = (nil, nil, false) }
}
