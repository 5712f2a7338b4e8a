/// What a user, a file's name or the store says.
extension Origin where Name == String {
  package init(_ bytes: Origin<[UInt8]>) {
    self.init(
      meshCluster: String(decoding: bytes.meshCluster, as: UTF8.self),
      namespace: String(decoding: bytes.namespace, as: UTF8.self),
      pod: String(decoding: bytes.pod, as: UTF8.self),
      container: String(decoding: bytes.container, as: UTF8.self))
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

  /// What its log is called where no file has a name: as `init(fileName:)` reads it, with `-` for what nothing says.
  package var logName: String { names.map { $0.isEmpty ? "-" : $0 }.joined(separator: ".") + ".log" }

  var bytes: Origin<[UInt8]> {
    Origin<[UInt8]>(
      meshCluster: Array(meshCluster.utf8), namespace: Array(namespace.utf8), pod: Array(pod.utf8),
      container: Array(container.utf8))
  }
}
