internal import AccessLog
internal import Dispatch
internal import Synchronization
internal import TraceStore

/// Reads inputs into a store: the parser on the calling thread, the store's writer on another.
public struct Ingest {
  /// Rejected lines that a summary shows.
  public static let shownRejections = Limits.shownRejections

  private let database: String
  private let options: IngestOptions
  private let stop: StopFlag
  private let report: @Sendable (IngestProgress) -> Void

  /// The store at `database` is made if it is not there; `stop` ends the ingest early, with what was read committed;
  /// `report` is called on the parsing thread, some times a second.
  public init(
    database: String, options: IngestOptions = IngestOptions(), stop: StopFlag = StopFlag(),
    report: @escaping @Sendable (IngestProgress) -> Void = { _ in }
  ) {
    self.database = database
    self.options = options
    self.stop = stop
    self.report = report
  }

  /// - Parameter arguments: files, folders, `-`.
  /// - Returns: what became of every line; inputs that could not be read whole are in it, not thrown.
  /// - Throws: `MeshweftError` where the store cannot be opened or written. What was reported before is committed.
  public func run(_ arguments: [String]) throws -> IngestSummary {
    // What the user typed is looked at before a database is made for it.
    let list = try InputList(arguments: arguments, sparing: StoreFiles(database: database))
    let format = try options.parsedFormat()
    let names = try options.parsedFieldMap(
      database: database, readsStandardInput: list.readsStandardInput, stop: stop)
    // Nothing but names of files that are not there: no database is made for them.
    if list.inputs.isEmpty, !list.errors.isEmpty, FileStatus(FileName(database)) == nil {
      var summary = IngestSummary()
      summary.inputErrors = list.errors
      summary.notes = list.notes
      return summary
    }
    return try storing(list) { try $0.run(names, format) }
  }

  /// Reads what a feed gives into the store.
  /// - Throws: `MeshweftError`, as `run(_:)` does.
  func run(_ feed: any InputFeed) throws -> IngestSummary {
    let list = try InputList(arguments: [], sparing: StoreFiles(database: database))
    let format = try options.parsedFormat()
    let names = try options.parsedFieldMap(database: database, readsStandardInput: false, stop: stop)
    return try storing(list) { try $0.run(feed, names, format) }
  }

  private func storing(
    _ list: InputList, _ read: (IngestSession) throws -> IngestSummary
  ) throws -> IngestSummary {
    let clock = ContinuousClock()
    let began = clock.now
    var storeOptions = StoreOptions()
    storeOptions.busySecondsAtWork = StoreLimits.busySecondsOfIngest
    // What was read is committed, whatever signal comes.
    storeOptions.isInterruptible = false
    let writer = try StoreWriter(path: database, options: storeOptions)
    let session = IngestSession(
      writer: writer, database: database, options: options, list: list, stop: stop, report: report)
    let result = Result { try read(session) }
    var isLinked = true
    if case .success = result, options.correlates { isLinked = try link(writer) }
    try writer.close()
    var summary = try result.get()
    summary.leavesUnlinked = !isLinked
    summary.wasInterrupted = summary.wasInterrupted || !isLinked
    summary.seconds = (clock.now - began).seconds
    return summary
  }

  /// Links what was stored, unless the ingest is to end: the next command that looks at it makes that good.
  /// - Returns: whether it was done.
  private func link(_ writer: StoreWriter) throws -> Bool {
    guard !stop.isRequested else { return false }
    try writer.setInterruptible(true)
    var correlate = Correlate(database: database)
    correlate.unitHops = options.unitHops
    do {
      try correlate.run(with: writer)
    } catch  where Interruption.isCause(of: error) {
      return false
    }
    return true
  }
}

extension Duration {
  /// Whole and fractional seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
