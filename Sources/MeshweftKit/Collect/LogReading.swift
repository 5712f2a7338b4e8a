internal import AccessLog

/// One run of `kubectl logs`.
final class LogReading {
  let log: LogName
  let part: CollectedLog.Part
  /// Whose log it is, as far as is known.
  var run: ListedLog.Run
  let start: LogStart
  let follows: Bool
  let input: FedInput
  /// The run had ended before.
  private let isOfEnded: Bool
  private let program: ChildProgram
  private let source: StampedSource
  private var words: ProgramWords
  private var consumed: Int64 = 0
  private var lastBytes = ContinuousClock.now
  private var isSilent = false
  private let expectedEnd: TornEnd?

  init(
    _ kubectl: Kubectl, _ log: CollectedLog, _ part: CollectedLog.Part, _ start: LogStart, follows: Bool
  ) throws(KubectlFailure) {
    self.log = log.name
    self.part = part
    self.start = start
    self.follows = follows
    run = part == .previous ? log.previous?.run ?? log.current.run : log.current.run
    isOfEnded = log.hasEnded
    expectedEnd = log.tornEnd
    let arguments = kubectl.logs(log.name, start, part, follows: follows)
    do throws(ChildProgram.StartFailure) {
      program = try ChildProgram(kubectl.program, arguments, .init(givesErrors: true, isGroup: true))
    } catch {
      throw .notRunnable(reason: error.reason)
    }
    words = ProgramWords(program.errors)
    let reader = ByteReader(outputOf: program, path: log.name.text)
    let isResumed = if case .time = start { true } else { false }
    let source = StampedSource(reader, watchesTime: isResumed)
    self.source = source
    let identity = Origin<String>(
      meshCluster: log.name.context.meshCluster, namespace: log.name.namespace, pod: log.name.pod,
      container: log.name.container)
    let expected = expectedEnd
    input = FedInput(
      name: log.name.text, identity: identity, reader: reader, source: source,
      takesTornEnd: { source.isTorn && expected == source.tornEnd })
  }

  /// Its standard error, where somebody may still say something.
  var errorDescriptor: Int32? { words.descriptor }

  /// Something of the log has come.
  var isOpen: Bool { consumed > 0 }

  /// What it has brought so far.
  var outcome: CollectedLog.Outcome {
    CollectedLog.Outcome(
      part: part, run: run, start: start, follows: follows, wasOfEnded: isOfEnded, lastTime: source.lastTime,
      bytes: input.reader.consumed, hasJumped: source.hasJumped,
      tornEnd: source.isTorn && hasEndedWell ? source.tornEnd : nil)
  }

  private var hasEndedWell = false

  /// Takes what it says on its standard error, and ends it where it has been silent for too long.
  /// - Returns: what it says while one waits for it, where that is new.
  func look(_ now: ContinuousClock.Instant) -> String? {
    words.drain()
    if input.reader.consumed > consumed {
      consumed = input.reader.consumed
      lastBytes = now
    } else if !follows, now - lastBytes > .seconds(words.patience(CollectLimits.silentSeconds)) {
      isSilent = true
      program.kill()
    }
    return consumed == 0 ? words.whileWaiting(now) : nil
  }

  /// How it went, once its output has ended; nil for well.
  func finish() -> KubectlFailure? {
    if isSilent { return .silent }
    let ending = program.end()
    words.drain()
    if ending != .exited(0) { return KubectlFailure(errors: words.text, ending) }
    hasEndedWell = true
    guard source.isTorn else { return nil }
    if let words = source.tornEnd.kubeletsWords {
      return KubectlFailure(kubelet: words, isPrevious: part == .previous)
    }
    return expectedEnd == source.tornEnd ? nil : .torn
  }
}
