internal import AccessLog
internal import Platform

/// One run of `kubectl get`, read as it prints.
///
/// Safe: the array whose address read(2) gets outlives the call.
final class PodListing {
  struct Found {
    var logs: [ListedLog] = []
    var objects: [KubernetesObject] = []
    /// Objects that could not be read as pods.
    var unread = 0
  }

  private let kind: ListedKind
  private let program: ChildProgram
  private var words: ProgramWords
  private var splitter = ObjectSplitter()
  private var found = Found()
  private var wasSaidSlow = false
  private var lastBytes = ContinuousClock.now
  private var piece = [UInt8](repeating: 0, count: 1 << 16)

  init(_ kubectl: Kubectl, _ kind: ListedKind, _ arguments: [String]) throws(KubectlFailure) {
    self.kind = kind
    do throws(ChildProgram.StartFailure) {
      program = try ChildProgram(kubectl.program, arguments, .init(givesErrors: true, isGroup: true))
    } catch {
      throw .notRunnable(
        reason: error.isNotFound ? "\(Shown.text(kubectl.program, limit: 80)) is not there" : error.reason)
    }
    words = ProgramWords(program.errors)
  }

  /// What can wake whoever waits for it.
  var descriptors: [Int32] { [program.output] + (words.descriptor.map { [$0] } ?? []) }

  /// What it says while one waits for it, where that is new.
  func whileWaiting(_ now: ContinuousClock.Instant) -> String? { words.whileWaiting(now) }

  /// It keeps one waiting; said once.
  func isSlow(_ now: ContinuousClock.Instant) -> Bool {
    guard !wasSaidSlow, now - lastBytes > .seconds(CollectLimits.waitingSeconds) else { return false }
    wasSaidSlow = true
    return true
  }

  /// Takes what is there, without waiting; nil while it has not ended.
  func step(_ now: ContinuousClock.Instant) -> Result<Found, KubectlFailure>? {
    words.drain()
    // Of a list that comes faster than it is read a bounded part: logs are read meanwhile.
    for _ in 0..<64 {
      var wait = pollfd(fd: program.output, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&wait, 1, 0) > 0 else {
        return now - lastBytes > .seconds(words.patience(CollectLimits.silentListSeconds))
          ? .failure(.silent) : nil
      }
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe read(program.output, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return finish() }
      lastBytes = now
      do throws(ObjectSplitter.Fault) {
        try splitter.take(piece[..<count]) { object in
          take(object)
        }
      } catch { return .failure(.notAList) }
      guard found.logs.count <= CollectLimits.logs else { return .failure(.notAList) }
    }
    return nil
  }

  private func take(_ object: [UInt8]) {
    if let known = KubernetesObject.read(json: object, orKind: kind == .pods ? .pod : nil) {
      found.objects.append(known)
    }
    guard kind == .pods else { return }
    if let logs = ListedLog.list(podJSON: object) { found.logs += logs } else { found.unread += 1 }
  }

  private func finish() -> Result<Found, KubectlFailure> {
    let ending = program.end()
    words.drain()
    guard ending == .exited(0) else {
      return .failure(KubectlFailure(errors: words.text, ending).ofList(words.text))
    }
    guard splitter.isWhole else { return .failure(.notAList) }
    found.unread += splitter.oversize
    return .success(found)
  }
}
