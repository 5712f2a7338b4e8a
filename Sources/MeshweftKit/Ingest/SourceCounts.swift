/// One log's share of an ingest.
public struct SourceCounts: Sendable, Equatable {
  /// The log's file name without folders and .gz.
  public internal(set) var source: String
  /// Empty where not known, as are the next three.
  public internal(set) var meshCluster: String
  /// The pod's namespace.
  public internal(set) var namespace: String
  /// The pod.
  public internal(set) var pod: String
  /// The container within the pod.
  public internal(set) var container: String
  /// Its lines.
  public internal(set) var counts: IngestCounts
}
