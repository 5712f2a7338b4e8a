/// How far an ingest has come.
public struct IngestProgress: Sendable {
  /// Lines read.
  public var lines: Int64
  /// Bytes read, as they are in the files: compressed ones count as such.
  public var bytes: Int64
  /// The inputs' sizes in all, or nil where one is a stream.
  public var totalBytes: Int64?
  /// Since the beginning.
  public var seconds: Double
}
