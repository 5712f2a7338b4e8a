internal import AccessLog

/// One run of `kubectl logs`.
final class LogReading {
  let log: LogName
  let isPrevious: Bool
  let follows: Bool
  let input: FedInput
  private let program: ChildProgram
  private let source: StampedSource
  private var errors: ProgramErrors
  private var consumed: Int64 = 0
  private var lastBytes = ContinuousClock.now
  private var isSilent = false

  init(
    _ kubectl: Kubectl, _ log: LogName, since: Int64?, isPrevious: Bool, follows: Bool
  ) throws(KubectlFailure) {
    self.log = log
    self.isPrevious = isPrevious
    self.follows = follows
    let arguments = kubectl.logs(log, since: since, isPrevious: isPrevious, follows: follows)
    do throws(ChildProgram.StartFailure) {
      program = try ChildProgram(kubectl.program, arguments, .init(givesErrors: true, isGroup: true))
    } catch {
      throw .notRunnable(reason: error.reason)
    }
    errors = ProgramErrors(program.errors)
    let reader = ByteReader(outputOf: program, path: log.text)
    source = StampedSource(reader)
    let identity = Origin<String>(
      meshCluster: log.context.meshCluster, namespace: log.namespace, pod: log.pod, container: log.container)
    input = FedInput(name: log.text, identity: identity, reader: reader, source: source)
  }

  /// Its standard error, where somebody may still say something.
  var errorDescriptor: Int32? { errors.isOpen ? program.errors : nil }

  /// Microseconds since the epoch: the time of the last whole line that came.
  var lastTime: Int64? { source.lastTime }

  /// Takes what it says on its standard error, and ends it where it has been silent for too long.
  func look(_ now: ContinuousClock.Instant) {
    errors.drain()
    if input.reader.consumed > consumed {
      consumed = input.reader.consumed
      lastBytes = now
    } else if !follows, now - lastBytes > .seconds(CollectLimits.silentSeconds) {
      isSilent = true
      program.kill()
    }
  }

  /// How it went, once its output has ended; nil for well.
  func finish() -> KubectlFailure? {
    if isSilent { return .silent }
    let ending = program.end()
    errors.drain()
    if ending != .exited(0) { return KubectlFailure(errors: errors.text, ending) }
    return source.isTorn ? .torn : nil
  }
}
