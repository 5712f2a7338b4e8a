internal import AccessLog
internal import TraceStore

/// `meshweft export traces`: one object per line and trace, in the order of their start.
public struct TraceExport: Reporting {
  private let database: String
  private let window: TimeWindow

  /// NDJSON is the only form so far.
  public enum Form: String, Sendable, CaseIterable { case ndjson }

  /// Exports the traces of the store at `database` that began in a window.
  public init(database: String, window: TimeWindow = TimeWindow()) {
    self.database = database
    self.window = window
  }

  /// What is longer than `StoreLimits.stepBytes` is read in steps, see there.
  public func write(as form: Form, to output: some ReportOutput) throws -> ReportVerdict {
    let reader = try UpToDateStore.reader(database)
    var walk: TraceWalk?
    let notes = try ReadingSteps(reader).run(
      { _ in
        if let walk { return try step(reader, walk) }
        let window = try self.window.resolved { try reader.newestStart() }
        let begun = try TraceWalk(reader, since: window.since, until: window.until)
        walk = begun
        var step = try step(reader, begun)
        step.notes = reader.notes + window.notes
        return step
      }, output: { try output.take($0) })
    notes.forEach(output.note)
    return .fine
  }

  /// Bytes of a step; tests make it small, so that there are many.
  var stepBytes = StoreLimits.stepBytes

  /// Reads on, whole milliseconds at a time.
  private func step(_ reader: StoreReader, _ walk: TraceWalk) throws -> ReadingSteps.Step {
    let clocks = try TraceClocks(reader)
    var writer = JSONWriter()
    var step = ReadingSteps.Step()
    let hasMore = try walk.run(while: { writer.bytes.count < stepBytes }) { trace in
      TraceJSON(trace, clocks).write(to: &writer)
      writer.newline()
      step.start = trace.hops.first?.startMicroseconds
    }
    step.isLast = !hasMore
    step.bytes = writer.bytes
    return step
  }
}
