internal import AccessLog
internal import TraceStore

/// Decides what kubectl is asked for and when: lists of pods, then their logs, some at a time, again where a connection broke.
///
/// All of it happens on the thread that reads, between blocks of bytes; nothing here waits.
final class Collector: InputFeed {
  private let options: CollectOptions
  private let kubectl: Kubectl
  private let read: ReadLogs
  private let say: (String) -> Void
  private var scopes: [ScopeListing]
  private var logs: [CollectedLog] = []
  private var places: [LogName: Int] = [:]
  /// The scope that told of a log, by its place.
  private var scopeOfLog: [Int] = []
  private var readings: [ObjectIdentifier: LogReading] = [:]
  private var placeOfReading: [ObjectIdentifier: Int] = [:]
  private(set) var failures = CollectFailures()
  private(set) var notes: [String] = []
  private var leftOut = 0
  /// Logs of which something was read since that was said last.
  private var changed: Set<LogName> = []
  /// Which context has a pod, by its uid and in the order in which they were named: no two clusters have the same.
  private var owners: [String: Int] = [:]
  private var saidWords: Set<String> = []
  /// What is known of Kubernetes objects that nobody has asked for yet, and the versions of all that were given.
  private var newObjects: [KubernetesObject] = []
  private var versions: [[String]: Int64] = [:]

  /// `say` gets a line for people when something happens while logs are followed.
  init(_ options: CollectOptions, _ read: ReadLogs, say: @escaping (String) -> Void) {
    self.options = options
    self.read = read
    self.say = say
    kubectl = Kubectl(program: options.kubectl)
    let namespaces = options.namespaces.map(Kubectl.Scope.namespace)
    scopes = options.contexts.flatMap { context in
      let all = namespaces.isEmpty ? [.everywhere] : namespaces
      return all.map { ScopeListing(context, $0) } + all.map { ScopeListing(context, $0, .services) }
        + [ScopeListing(context, .everywhere, .nodes)]
    }
  }

  /// The first lists have come, or will not.
  var hasListed: Bool { scopes.allSatisfy { $0.isSettled || $0.kind != .pods } }
  var hasLogs: Bool { !logs.isEmpty }
  var isOver: Bool {
    guard readings.isEmpty, scopes.allSatisfy({ $0.isOver && $0.running == nil }) else { return false }
    return !logs.contains { $0.isOpen && !$0.isGone }
      && !logs.indices.contains { logs[$0].isUnsure && scopes[scopeOfLog[$0]].canTellAgain }
  }

  var hasBegunAll: Bool { hasListed && !logs.contains { $0.isOpen && !$0.isReading } }

  var descriptors: [Int32] {
    scopes.flatMap { $0.running?.descriptors ?? [] } + readings.values.compactMap(\.errorDescriptor)
  }

  var progress: IngestProgress.Logs {
    let read = options.follows ? readings.count : logs.count { $0.wasRead && !$0.isOpen }
    return IngestProgress.Logs(read: read, known: logs.count)
  }

  func begun() -> [FedInput] {
    let now = ContinuousClock.now
    list(now)
    for (key, reading) in readings {
      if let words = reading.look(now) { sayOnce("\(reading.log.context.name): kubectl says: \(words)") }
      if reading.isOpen, let place = placeOfReading[key] { opened(reading, place) }
    }
    let begun = beginReadings(now)
    if begun.isEmpty { lookAgain() }
    return begun
  }

  /// From now on a list tells whose log it is.
  private func opened(_ reading: LogReading, _ place: Int) {
    let number = scopes[scopeOfLog[place]].nextNumber
    logs[place].change(reading.part) { $0.opened(nextList: number) }
  }

  /// When all was read, pods are listed once more: a container that was started again meanwhile had its log read in the
  /// place of the one before.
  private func lookAgain() {
    guard !options.follows, hasListed, readings.isEmpty, !logs.contains(where: { $0.isOpen && !$0.isGone })
    else {
      return
    }
    for place in Set(logs.indices.lazy.filter { self.logs[$0].isUnsure }.map { self.scopeOfLog[$0] }) {
      scopes[place].again()
    }
  }

  func marks() -> [ReadMark] {
    for (key, reading) in readings {
      guard let place = placeOfReading[key] else { continue }
      logs[place].advance(reading.outcome)
      changed.insert(logs[place].name)
    }
    defer { changed.removeAll(keepingCapacity: true) }
    return changed.flatMap { name in
      places[name].map { logs[$0].newMarks(read.readAs) } ?? []
    }
  }

  private func sayOnce(_ text: String) {
    if saidWords.count < CollectLimits.failures, saidWords.insert(text).inserted { say(text) }
  }

  /// Lists of pods alone: before there is a database to read logs into.
  func list(_ now: ContinuousClock.Instant) {
    for place in scopes.indices {
      if scopes[place].isDue(now) { beginListing(place, now) }
      guard let result = scopes[place].running?.step(now) else {
        sayWaiting(place, now)
        continue
      }
      switch result {
      case .success(let found): take(found, place, now)
      case .failure(let failure): fail(failure, place, now)
      }
    }
  }
}

extension Collector {
  private func sayWaiting(_ place: Int, _ now: ContinuousClock.Instant) {
    guard let listing = scopes[place].running else { return }
    let what = CollectFailures.text(scopes[place].context.name, scopes[place].scope)
    if let words = listing.whileWaiting(now) {
      sayOnce("\(scopes[place].context.name): kubectl says: \(words)")
    } else if scopes[place].kind == .pods, scopes[place].last == 0, listing.isSlow(now) {
      sayOnce("\(what): waiting for the list; --namespace asks for less")
    }
  }

  private func beginListing(_ place: Int, _ now: ContinuousClock.Instant) {
    let kind = scopes[place].kind
    let arguments = kubectl.list(kind, scopes[place].context.name, scopes[place].scope)
    do throws(KubectlFailure) {
      scopes[place].begin(try PodListing(kubectl, kind, arguments))
    } catch {
      fail(error, place, now)
    }
  }

  private func fail(_ failure: KubectlFailure, _ place: Int, _ now: ContinuousClock.Instant) {
    let (context, scope) = (scopes[place].context, scopes[place].scope)
    let goesOn = scopes[place].fail(failure, follows: options.follows, now: now)
    guard scopes[place].kind == .pods else {
      if !goesOn { note(failure, of: scopes[place].kind, context.name) }
      return
    }
    let what = CollectFailures.text(context.name, scope)
    if goesOn {
      if options.follows, scopes[place].failures == CollectLimits.tries {
        say("\(what): \(failure.description(of: "these pods")); trying on")
      }
      return
    }
    if failures.add(context.name, scope, failure), options.follows {
      say("\(what): \(failure.description(of: "these pods"))")
    }
    // Whoever may not see all namespaces may mostly see one.
    if failure == .forbidden, scope == .everywhere { scopes.append(ScopeListing(context, .ofContext)) }
  }

  /// Logs are read without it.
  private func note(_ failure: KubectlFailure, of kind: ListedKind, _ context: String) {
    let reason =
      switch failure {
      case .notAList: "kubectl printed something else than a list"
      case .forbidden: "you may not list them"
      default: failure.description(of: "them")
      }
    let text = "\(context): \(kind.text): \(reason); \(kind.loss)"
    if !notes.contains(text) { notes.append(text) }
  }

  /// Whose objects they are is the context's name for it.
  private func take(_ objects: [KubernetesObject], _ context: CollectedContext) {
    for var object in objects {
      object.meshCluster = context.meshCluster
      let key = ["\(object.kind.rawValue)", object.meshCluster, object.namespace, object.name, object.uid]
      if object.version > 0, versions.updateValue(object.version, forKey: key) == object.version { continue }
      newObjects.append(object)
    }
  }

  func objects() -> [KubernetesObject] {
    defer { newObjects.removeAll() }
    return newObjects
  }

  private func take(_ found: PodListing.Found, _ place: Int, _ now: ContinuousClock.Instant) {
    let isFirst = scopes[place].last == 0
    scopes[place].succeed(follows: options.follows, now: now)
    let context = scopes[place].context
    take(found.objects, context)
    guard scopes[place].kind == .pods else { return }
    if isFirst, found.unread > 0 {
      notes.append(
        "\(context.name): \(Quantity.counted(Int64(found.unread), "pod")) left out: not as pods are described"
      )
    }
    if isFirst, found.logs.isEmpty {
      notes.append(
        "\(CollectFailures.text(context.name, scopes[place].scope)): no proxy that writes access logs")
    }
    var missing = Set(logs.indices.lazy.filter { self.scopeOfLog[$0] == place }.map { self.logs[$0].name })
    let number = scopes[place].last
    for listed in found.logs where isOwn(listed, context) {
      let name = LogName(
        context: context, namespace: listed.namespace, pod: listed.pod, container: listed.container)
      if let known = places[name] {
        missing.remove(name)
        let run = logs[known].current.run
        let loss = logs[known].update(listed, list: number, follows: options.follows, read)
        if let loss { notes.append("\(name.text): \(loss)") }
        if listed.run != run { relabel(known) }
        changed.insert(name)
      } else if isFirst || options.follows {
        add(name, listed, place)
        if !isFirst { say("\(name.text): new") }
      }
    }
    for name in missing { if let place = places[name] { logs[place].isGone = true } }
  }

  /// What is still read of a log is the new run's, or the end of the old one, which is read again.
  private func relabel(_ place: Int) {
    for (key, reading) in readings where placeOfReading[key] == place && reading.part == .current {
      reading.run = logs[place].current.run
    }
  }

  /// Whether a pod is to be read in this context: where two contexts are one cluster, in the one that was named first.
  private func isOwn(_ listed: ListedLog, _ context: CollectedContext) -> Bool {
    guard !listed.run.uid.isEmpty, let order = options.contexts.firstIndex(of: context) else { return true }
    guard let owner = owners[listed.run.uid], owner != order else {
      owners[listed.run.uid] = order
      return true
    }
    let (kept, other) = (options.contexts[min(owner, order)], options.contexts[max(owner, order)])
    _ = failures.add(other.name, .everywhere, .sameCluster(context: kept.name))
    guard order < owner else { return false }
    owners[listed.run.uid] = order
    let name = LogName(
      context: other, namespace: listed.namespace, pod: listed.pod, container: listed.container)
    if let place = places[name] { logs[place].leaveOut() }
    return true
  }

  private func add(_ name: LogName, _ listed: ListedLog, _ scope: Int) {
    guard logs.count < CollectLimits.logs || reuse() else {
      leftOut += 1
      if leftOut == 1 {
        notes.append("more than \(CollectLimits.logs) logs: those of further pods are left out")
      }
      return
    }
    if let last = read.last(before: name.run(listed.run)) {
      let gap = listed.run.restarts - Int(last.run.restarts)
      if let loss = CollectedLog.loss(restarts: gap, sawEnd: last.isComplete) {
        notes.append("\(name.text): \(loss)")
      }
    }
    places[name] = logs.count
    logs.append(CollectedLog(name, listed, read))
    scopeOfLog.append(scope)
  }

  /// Forgets logs that are gone and read.
  /// - Returns: whether there were any.
  private func reuse() -> Bool {
    let kept = logs.indices.filter { !logs[$0].isGone || logs[$0].isReading }
    guard kept.count < logs.count else { return false }
    let moved = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    scopeOfLog = kept.map { scopeOfLog[$0] }
    logs = kept.map { logs[$0] }
    places = Dictionary(uniqueKeysWithValues: logs.enumerated().map { ($1.name, $0) })
    placeOfReading = placeOfReading.compactMapValues { moved[$0] }
    return true
  }
}

extension Collector {
  /// Where logs are followed, those of them that are read once have places of their own, so that none waits for ever; and
  /// where there are more logs than places they are read in turns, one after the other.
  private func beginReadings(_ now: ContinuousClock.Instant) -> [FedInput] {
    let streams = readings.values.count { $0.follows }
    var freeStreams = options.follows ? options.limit - streams : 0
    let turns = options.follows ? max(2, options.limit / 4) : options.limit
    var freeTurns = turns - (readings.count - streams)
    var begun: [FedInput] = []
    for place in logs.indices where freeStreams > 0 || freeTurns > 0 {
      guard logs[place].canBegin(now, lists: scopes[scopeOfLog[place]].last) else { continue }
      guard let part = logs[place].nextPart else { continue }
      let follows = options.follows && part == .current && freeStreams > 0
      guard follows || freeTurns > 0 else { continue }
      if follows { freeStreams -= 1 } else { freeTurns -= 1 }
      if let input = begin(place, part, follows: follows, now) { begun.append(input) }
    }
    return begun
  }

  private func begin(
    _ place: Int, _ part: CollectedLog.Part, follows: Bool, _ now: ContinuousClock.Instant
  ) -> FedInput? {
    let start = logs[place].start(of: part, read)
    do throws(KubectlFailure) {
      let reading = try LogReading(kubectl, logs[place], part, start, follows: follows)
      readings[ObjectIdentifier(reading.input)] = reading
      placeOfReading[ObjectIdentifier(reading.input)] = place
      logs[place].begin(part, start, read)
      return reading.input
    } catch {
      fail(error, place, part)
      return nil
    }
  }

  func ended(_ input: FedInput) -> Bool {
    let key = ObjectIdentifier(input)
    guard let reading = readings.removeValue(forKey: key), let place = placeOfReading.removeValue(forKey: key)
    else {
      return false
    }
    let now = ContinuousClock.now
    let failure = reading.finish()
    opened(reading, place)
    changed.insert(logs[place].name)
    if let failure {
      logs[place].fail(reading.outcome, now: now)
      fail(failure, place, reading.part)
      return false
    }
    logs[place].finish(reading.outcome)
    if options.follows, reading.part == .current { readOn(place, isStream: reading.follows, now) }
    return true
  }

  /// After a stream has ended by itself, a list tells whether the container was started again. Of one that has ended for good
  /// nothing more comes.
  private func readOn(_ place: Int, isStream: Bool, _ now: ContinuousClock.Instant) {
    let log = logs[place]
    guard !(log.hasEnded && log.current.position?.isComplete ?? false) else { return }
    let scope = scopeOfLog[place]
    let pause = isStream ? CollectLimits.earlyListingSeconds : CollectLimits.listingSeconds
    logs[place].readOn(at: now + .seconds(pause), afterList: isStream ? scopes[scope].nextNumber : 0)
    if isStream { scopes[scope].hurry(now) }
  }

  private func fail(_ failure: KubectlFailure, _ place: Int, _ part: CollectedLog.Part) {
    let name = logs[place].name
    let tries = logs[place].failures
    switch failure {
    case .noPrevious, .notStarted:
      let text = "\(name.text): \(failure.description(of: "the log"))"
      if !notes.contains(text) { notes.append(text) }
      logs[place].giveUp(part, awaitsStart: failure == .notStarted)
    case .gone where options.follows && logs[place].wasRead: logs[place].giveUp(part)
    case .forbidden, .notRunnable, .gone, .unknownContext, .unknownKind, .noCredentials:
      giveUp(failure, place, part)
    default:
      guard options.follows, part == .current else {
        if !failure.mayPass || tries >= CollectLimits.tries { giveUp(failure, place, part) }
        return
      }
      if tries == CollectLimits.tries {
        say("\(name.text): \(failure.description(of: "this log")); trying on")
      }
      scopes[scopeOfLog[place]].hurry(ContinuousClock.now)
    }
  }

  private func giveUp(_ failure: KubectlFailure, _ place: Int, _ part: CollectedLog.Part) {
    logs[place].giveUp(part)
    let name = logs[place].name
    if failures.add(name, failure), options.follows {
      say("\(name.text): \(failure.description(of: "this log"))")
    }
  }
}
