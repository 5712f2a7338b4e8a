internal import AccessLog
internal import FoundationEssentials

/// A log as a list of pods tells of it.
struct ListedLog {
  /// One run of a container: from one start of it to the next.
  struct Run: Hashable {
    /// The pod's.
    var uid: String
    /// How often the container was started again.
    var restarts: Int
  }

  var namespace: String
  var pod: String
  var container: String
  var run: Run
  /// It has been started at least once: there is something to read.
  var hasBegun: Bool
  /// It waits to be started, for the first time or again.
  var isWaiting: Bool
  /// Nothing is written to the log of this run any more.
  var hasEnded: Bool
  /// There is a log of the run before this one.
  var hasPrevious: Bool

  /// The logs of a pod that tell of requests; none where it is no pod that one can ask for.
  static func list(podJSON bytes: [UInt8]) -> [ListedLog]? {
    guard let pod = try? JSONDecoder().decode(PodObject.self, from: Data(bytes)),
      KubernetesName.isValid(pod.metadata.name), KubernetesName.isValid(pod.metadata.namespace)
    else { return nil }
    let statuses = (pod.status?.containerStatuses ?? []) + (pod.status?.initContainerStatuses ?? [])
    return ProxyContainers.names(in: pod).filter(KubernetesName.isValid).map { container in
      let status = statuses.first { $0.name == container }
      let restarts = max(0, status?.restartCount ?? 0)
      let isWaiting = status?.state?.waiting != nil
      let hasLast = status?.lastState?.terminated != nil
      return ListedLog(
        namespace: pod.metadata.namespace, pod: pod.metadata.name, container: container,
        run: Run(uid: String((pod.metadata.uid ?? "").prefix(Limits.nameBytes)), restarts: restarts),
        hasBegun: status.map { $0.state?.waiting == nil || restarts > 0 } ?? false, isWaiting: isWaiting,
        hasEnded: status?.state?.terminated != nil || (isWaiting && hasLast),
        hasPrevious: restarts > 0 && hasLast)
    }
  }
}
