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
  /// Where the logs are fetched, too.
  public var logs: Logs?

  /// Logs of a mesh.
  public struct Logs: Sendable {
    /// Those that are read whole; or, where they are followed, those that are read now.
    public var read: Int
    /// Those that were found.
    public var known: Int
  }
}
