/// Where attempts arrived.
struct AttemptHost {
  var address: String
  var meshCluster: String
  var pod = ""
  /// Of `FindingLines.sources`, -1 where it has no log.
  var source = -1
  var subset = ""
  var isListed = false
  /// Of a listed host, where Kubernetes tells of its pod's; microseconds since the epoch.
  var life: ClosedRange<Int64>?
  var requests = 0
  /// Microseconds since the epoch: first and last sign of life.
  var firstSign = Int64.max
  var lastSign = Int64.min

  /// What tells it from others.
  struct Name: Hashable {
    var address: String
    var meshCluster: String
    var pod: String
  }

  var name: Name { Name(address: address, meshCluster: meshCluster, pod: pod) }

  /// Whether pods of other mesh clusters have its address, and whether others of its own did.
  var isElsewhere = false
  var isTakenOver = false

  /// Address, with what tells it from others that have it.
  var shown: String {
    address + (isElsewhere && !meshCluster.isEmpty ? " in \(meshCluster)" : "")
      + (isTakenOver && !pod.isEmpty ? " (\(Shown.text(pod, limit: 100)))" : "")
  }

  /// Address, with its mesh cluster where that is known.
  var label: String { meshCluster.isEmpty ? address : "\(address) in \(meshCluster)" }

  /// The pod's ReplicaSet: its name without the last part, so that versions and templates differ.
  var version: String {
    let parts = pod.split(separator: "-")
    return parts.count > 2 ? parts.dropLast().joined(separator: "-") : ""
  }

  mutating func sign(_ from: Int64, _ to: Int64) {
    firstSign = min(firstSign, from)
    lastSign = max(lastSign, to)
  }
}
