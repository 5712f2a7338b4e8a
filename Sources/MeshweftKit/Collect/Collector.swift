internal import AccessLog

/// Decides what kubectl is asked for and when: lists of pods, then their logs, some at a time, again where a connection broke.
///
/// All of it happens on the thread that reads, between blocks of bytes; nothing here waits.
final class Collector: InputFeed {
  private let options: CollectOptions
  private let kubectl: Kubectl
  private let ends: LogEnds
  private let since: Int64?
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
  /// What is known of Kubernetes objects that nobody has asked for yet, and the versions of all that were given.
  private var newObjects: [KubernetesObject] = []
  private var versions: [[String]: Int64] = [:]

  /// `say` gets a line for people when something happens while logs are followed.
  init(_ options: CollectOptions, ends: LogEnds, say: @escaping (String) -> Void) throws {
    self.options = options
    self.ends = ends
    self.say = say
    kubectl = Kubectl(program: options.kubectl)
    since = options.sinceTime
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
    for reading in readings.values { reading.look(now) }
    return beginReadings(now)
  }

  /// Lists of pods alone: before there is a database to read logs into.
  func list(_ now: ContinuousClock.Instant) {
    for place in scopes.indices {
      if scopes[place].isDue(now) { beginListing(place, now) }
      guard let result = scopes[place].running?.step(now) else { continue }
      switch result {
      case .success(let found): take(found, place, now)
      case .failure(let failure): fail(failure, place, now)
      }
    }
  }
}

extension Collector {
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
    for listed in found.logs {
      let name = LogName(
        context: context, namespace: listed.namespace, pod: listed.pod, container: listed.container)
      if let known = places[name] {
        missing.remove(name)
        let unseen = logs[known].update(listed, follows: options.follows)
        if unseen > 0 {
          notes.append(
            "\(name.text): \(Quantity.counted(Int64(unseen), "restart")) between two looks: logs in between are lost"
          )
        }
      } else {
        add(name, listed, place)
        if !isFirst { say("\(name.text): new") }
      }
    }
    for name in missing { if let place = places[name] { logs[place].isGone = true } }
  }

  private func add(_ name: LogName, _ listed: ListedLog, _ scope: Int) {
    guard logs.count < CollectLimits.logs || reuse() else {
      leftOut += 1
      if leftOut == 1 {
        notes.append("more than \(CollectLimits.logs) logs: those of further pods are left out")
      }
      return
    }
    let start = options.resumes ? ends.start(of: name, since: since) : since
    places[name] = logs.count
    logs.append(CollectedLog(name, listed, since: start))
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
      let isPrevious = logs[place].isPreviousDue
      let follows = options.follows && !isPrevious && freeStreams > 0
      guard follows || freeTurns > 0 else { continue }
      if follows { freeStreams -= 1 } else { freeTurns -= 1 }
      if let input = begin(place, isPrevious: isPrevious, follows: follows, now) { begun.append(input) }
    }
    return begun
  }

  private func begin(
    _ place: Int, isPrevious: Bool, follows: Bool, _ now: ContinuousClock.Instant
  ) -> FedInput? {
    do throws(KubectlFailure) {
      let reading = try LogReading(
        kubectl, logs[place].name, since: logs[place].nextSince, isPrevious: isPrevious, follows: follows)
      readings[ObjectIdentifier(reading.input)] = reading
      placeOfReading[ObjectIdentifier(reading.input)] = place
      logs[place].isReading = true
      return reading.input
    } catch {
      fail(error, place, isPrevious: isPrevious, lastTime: nil, now)
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
    if let failure = reading.finish() {
      fail(failure, place, isPrevious: reading.isPrevious, lastTime: reading.lastTime, now)
      return false
    }
    logs[place].finishReading(isPrevious: reading.isPrevious, lastTime: reading.lastTime)
    if options.follows, !reading.isPrevious { readOn(place, isStream: reading.follows, now) }
    return true
  }

  /// After a stream has ended by itself, a list tells whether the container was started again.
  private func readOn(_ place: Int, isStream: Bool, _ now: ContinuousClock.Instant) {
    let scope = scopeOfLog[place]
    let pause = isStream ? CollectLimits.earlyListingSeconds : CollectLimits.listingSeconds
    logs[place].readOn(at: now + .seconds(pause), afterList: isStream ? scopes[scope].nextNumber : 0)
    if isStream { scopes[scope].hurry(now) }
  }

  private func fail(
    _ failure: KubectlFailure, _ place: Int, isPrevious: Bool, lastTime: Int64?,
    _ now: ContinuousClock.Instant
  ) {
    logs[place].fail(isPrevious: isPrevious, lastTime: lastTime, now: now)
    let name = logs[place].name
    let tries = logs[place].failures
    switch failure {
    case .noPrevious, .notStarted:
      notes.append("\(name.text): \(failure.description(of: "the log"))")
      logs[place].giveUp(isPrevious: isPrevious)
      if options.follows, !isPrevious { readOn(place, isStream: true, now) }
    case .gone where options.follows && logs[place].wasRead:
      logs[place].giveUp(isPrevious: isPrevious)
    case .forbidden, .notRunnable, .gone, .unknownContext, .unknownKind: giveUp(failure, place, isPrevious)
    default:
      guard options.follows, !isPrevious else {
        if !failure.mayPass || tries >= CollectLimits.tries { giveUp(failure, place, isPrevious) }
        return
      }
      if tries == CollectLimits.tries {
        say("\(name.text): \(failure.description(of: "this log")); trying on")
      }
      scopes[scopeOfLog[place]].hurry(now)
    }
  }

  private func giveUp(_ failure: KubectlFailure, _ place: Int, _ isPrevious: Bool) {
    logs[place].giveUp(isPrevious: isPrevious)
    let name = logs[place].name
    if failures.add(name, failure), options.follows {
      say("\(name.text): \(failure.description(of: "this log"))")
    }
  }
}
