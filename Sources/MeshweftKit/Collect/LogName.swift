internal import TraceStore

/// A log that is fetched: one container of one pod.
struct LogName: Hashable {
  var context: CollectedContext
  var namespace: String
  var pod: String
  var container: String

  /// For people.
  var text: String { "\(context.name): \(namespace)/\(pod), container \(container)" }

  func run(_ listed: ListedLog.Run) -> ReadMark.Run {
    ReadMark.Run(
      meshCluster: context.meshCluster, namespace: namespace, pod: pod, container: container, uid: listed.uid,
      restarts: Int64(listed.restarts))
  }
}
