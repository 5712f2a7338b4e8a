internal import TraceStore

/// `meshweft export traces`: one object per line and trace, in the order of their start.
public struct TraceExport {
  private let database: String
  private let window: TimeWindow

  /// Bytes that are handed out together.
  private static let chunkBytes = 1 << 18

  /// Exports the traces of the store at `database` that began in a window.
  public init(database: String, window: TimeWindow = TimeWindow()) {
    self.database = database
    self.window = window
  }

  /// - Parameter output: takes NDJSON, piece by piece.
  /// - Returns: notes for standard error.
  /// - Throws: `StoreError`, `UsageError`, and what `output` throws.
  public func write(to output: ([UInt8]) throws -> Void) throws -> [String] {
    let reader = try Correlate.reader(database)
    return try reader.snapshot {
      let window = try window.resolved { try reader.newestStart() }
      let clocks = try TraceClocks(reader)
      var writer = JSONWriter()
      try reader.forEachTrace(since: window.since, until: window.until) { trace in
        TraceJSON(trace, clocks).write(to: &writer)
        writer.newline()
        if writer.bytes.count >= TraceExport.chunkBytes {
          try output(writer.bytes)
          writer.removeAll()
        }
      }
      try output(writer.bytes)
      return window.notes
    }
  }
}
