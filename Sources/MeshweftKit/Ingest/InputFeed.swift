internal import AccessLog
internal import TraceStore

/// Inputs that come while an ingest runs, and end.
protocol InputFeed: AnyObject {
  /// Inputs that are to be read from now on. It is asked some times a second, never from two threads at once.
  func begun() -> [FedInput]
  /// An input that it gave has ended.
  /// - Returns: whether that was the log's end, not that of a connection.
  func ended(_ input: FedInput) -> Bool
  /// No input will come any more.
  var isOver: Bool { get }
  /// All logs that are known have been begun: lines of other ones would be newer.
  var hasBegunAll: Bool { get }
  /// What else than its inputs wakes it.
  var descriptors: [Int32] { get }
  var progress: IngestProgress.Logs { get }
  /// Kubernetes objects that came since it was asked last.
  func objects() -> [KubernetesObject]
  /// How far its logs have been read, as far as that has changed since it was asked last.
  func marks() -> [ReadMark]
}
