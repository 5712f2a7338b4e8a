/// What a user or a file name says about who wrote a log; empty where they say nothing.
package struct InputIdentity: Sendable, Equatable {
  package var meshCluster = ""
  package var namespace = ""
  package var pod = ""
  package var container = ""

  package init(meshCluster: String = "", namespace: String = "", pod: String = "", container: String = "") {
    self.meshCluster = meshCluster
    self.namespace = namespace
    self.pod = pod
    self.container = container
  }

  /// From `CLUSTER.NAMESPACE.POD.CONTAINER.log`, rotated or compressed; nil for any other name, and where nothing shows that
  /// it is one (`PodFileName`).
  ///
  /// A pod's name may hold dots, so the cluster and the namespace are the first two parts and the container the last.
  package init?(fileName: String) {
    let log = LogFileName.unrotated(fileName)
    let stem = log.hasSuffix(".log") ? log.dropLast(4) : log[...]
    guard stem.utf8.count < fileName.utf8.count else { return nil }
    let parts = stem.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts.allSatisfy({ !$0.isEmpty }), PodFileName.isBelieved(parts) else {
      return nil
    }
    self.init(
      meshCluster: String(parts[0]), namespace: String(parts[1]),
      pod: parts[2..<(parts.count - 1)].joined(separator: "."), container: String(parts[parts.count - 1]))
  }

  /// This identity where it says something, the other where it does not.
  package func filled(from other: InputIdentity) -> InputIdentity {
    InputIdentity(
      meshCluster: meshCluster.isEmpty ? other.meshCluster : meshCluster,
      namespace: namespace.isEmpty ? other.namespace : namespace, pod: pod.isEmpty ? other.pod : pod,
      container: container.isEmpty ? other.container : container)
  }
}
