internal import AccessLog
internal import FoundationEssentials

/// A log as a list of pods tells of it.
struct ListedLog {
  var namespace: String
  var pod: String
  var container: String
  /// How often the container was started again.
  var restarts: Int
  /// It has been started at least once: there is something to read.
  var hasBegun: Bool
  /// When the container before this one ended, microseconds since the epoch; nil where there is no log of it.
  var previousEnd: Int64?

  /// The logs of a pod that tell of requests; none where it is no pod that one can ask for.
  static func list(podJSON bytes: [UInt8]) -> [ListedLog]? {
    guard let pod = try? JSONDecoder().decode(PodObject.self, from: Data(bytes)),
      KubernetesName.isValid(pod.metadata.name), KubernetesName.isValid(pod.metadata.namespace)
    else { return nil }
    let statuses = (pod.status?.containerStatuses ?? []) + (pod.status?.initContainerStatuses ?? [])
    return ProxyContainers.names(in: pod).filter(KubernetesName.isValid).map { container in
      let status = statuses.first { $0.name == container }
      let restarts = max(0, status?.restartCount ?? 0)
      let ended = status?.lastState?.terminated
      return ListedLog(
        namespace: pod.metadata.namespace, pod: pod.metadata.name, container: container, restarts: restarts,
        hasBegun: status.map { $0.state?.waiting == nil || restarts > 0 } ?? false,
        previousEnd: restarts > 0 ? ended.map { $0.finishedAt.flatMap(time) ?? .max } : nil)
    }
  }

  private static func time(_ text: String) -> Int64? {
    PaddedBytes.withCopy(of: Array(text.utf8), Timestamp.parse)?.microseconds
  }
}
