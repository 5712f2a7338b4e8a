internal import AccessLog
internal import TraceStore

/// Fetches the logs of a mesh's proxies through the user's own kubectl, into one store.
///
/// Who may read what is between kubectl and the clusters: no credential is seen here. kubectl gets its arguments one by one, never
/// through a shell.
public struct Collect {
  private let database: String
  private let options: CollectOptions
  private let stop: StopFlag
  private let report: @Sendable (IngestProgress) -> Void
  private let say: (String) -> Void

  /// The store at `database` is made if it is not there; `stop` ends it early, with what was read committed; `report` is called
  /// some times a second, `say` with a line for people when something happens while logs are followed.
  public init(
    database: String, options: CollectOptions, stop: StopFlag = StopFlag(),
    report: @escaping @Sendable (IngestProgress) -> Void = { _ in },
    say: @escaping (String) -> Void = { _ in }
  ) {
    self.database = database
    self.options = options
    self.stop = stop
    self.report = report
    self.say = say
  }

  /// The commands that `run` would give, for a shell; what is not known before pods are listed stands in capitals.
  /// - Throws: `UsageError`
  public func commands() throws -> [String] {
    try options.check()
    let kubectl = Kubectl(program: options.kubectl)
    let start = options.sinceSeconds.map { LogStart.ago(seconds: $0) } ?? .beginning
    let scopes = options.namespaces.map(Kubectl.Scope.namespace)
    return options.contexts.flatMap { context in
      let lists = (scopes.isEmpty ? [.everywhere] : scopes).map {
        kubectl.shown(kubectl.list(.pods, context.name, $0))
      }
      let others = (scopes.isEmpty ? [.everywhere] : scopes).map {
        kubectl.shown(kubectl.list(.services, context.name, $0))
      }
      let log = LogName(context: context, namespace: "NAMESPACE", pod: "POD", container: "CONTAINER")
      return lists + others + [
        kubectl.shown(kubectl.list(.nodes, context.name, .everywhere)),
        "# for each container of these that writes access logs:",
        kubectl.shown(kubectl.logs(log, start, follows: options.follows)),
        "# and where it was restarted, before that:",
        kubectl.shown(kubectl.logs(log, start, .previous)),
      ]
    }
  }

  /// Reads all logs; with `follows` until `stop`.
  ///
  /// - Returns: what became of every line; logs that could not be read are among the summary's errors, not thrown.
  /// - Throws: `UsageError`; `MeshweftError` where the store cannot be opened or written.
  public func run() throws -> CollectSummary {
    try options.check()
    let (since, readAs) = (options.sinceSeconds, options.readAs(database: database))
    let read =
      options.resumes
      ? try ReadLogs(database: database, now: options.now, since: since, readAs: readAs)
      : ReadLogs(now: options.now, since: since, readAs: readAs)
    let collector = Collector(options, read, say: say)
    listFirst(collector)
    var summary = IngestSummary()
    // No database is made where there is nothing to read.
    if stop.isRequested {
      summary.wasInterrupted = true
    } else if collector.hasLogs || !collector.isOver {
      summary = try Ingest(database: database, options: options.ingest, stop: stop, report: report).run(
        collector)
    }
    summary.inputErrors += collector.failures.errors
    summary.notes += collector.notes
    return CollectSummary(summary, options.contexts)
  }

  private func listFirst(_ collector: Collector) {
    while !stop.isRequested, !collector.hasListed {
      collector.list(ContinuousClock.now)
      if !collector.hasListed { StreamWait.wait(for: collector.descriptors, Collect.listMilliseconds) }
    }
  }

  private static let listMilliseconds: Int32 = 200
}
