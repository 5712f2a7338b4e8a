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
    var window = TimeWindow.Resolved()
    var last: Int64?
    let notes = try ReadingSteps(reader).run(
      { isFirst in
        if isFirst { window = try self.window.resolved { try reader.newestStart() } }
        var step = try step(reader, window, &last)
        if isFirst { step.notes = reader.notes + window.notes }
        return step
      }, output: { try output.take($0) })
    notes.forEach(output.note)
    return .fine
  }

  /// Bytes of a step; tests make it small, so that there are many.
  var stepBytes = StoreLimits.stepBytes

  /// Ends the reading of traces when a step has enough of them.
  private struct Enough: Error {}

  /// Reads on behind the trace with the first hop `last`, whole milliseconds at a time.
  private func step(
    _ reader: StoreReader, _ window: TimeWindow.Resolved, _ last: inout Int64?
  ) throws -> ReadingSteps.Step {
    let clocks = try TraceClocks(reader)
    var writer = JSONWriter()
    var step = ReadingSteps.Step()
    var newest = last
    do {
      try reader.forEachTrace(since: window.since, until: window.until, after: last) { trace in
        if writer.bytes.count >= stepBytes, let newest, trace.root >> 20 != newest >> 20 { throw Enough() }
        TraceJSON(trace, clocks).write(to: &writer)
        writer.newline()
        newest = trace.root
        step.start = trace.hops.first?.startMicroseconds
      }
      step.isLast = true
    } catch is Enough {}
    last = newest
    step.bytes = writer.bytes
    return step
  }
}
