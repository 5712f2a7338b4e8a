internal import Correlation

/// Which of the pods that have a log is meant by a name. Only names that were asked for are kept.
struct PeerPods {
  private struct Pod {
    var namespace: String
    var meshCluster: Int32
    var number: Int32
  }

  private var pods: [String: [Pod]] = [:]

  init(_ wanted: Set<String>, _ reader: StoreReader, _ sources: SourceIndex) throws {
    try reader.rows("SELECT id, pod, namespace FROM source WHERE pod <> ''", [:]) { row in
      guard let name = row.text(1), wanted.contains(name) else { return }
      let entry = sources[row.number(0)]
      pods[name, default: []].append(
        Pod(namespace: row.text(2) ?? "", meshCluster: entry.meshCluster, number: entry.pod))
    }
  }

  /// The one pod of a name that may be meant in a mesh cluster; -1 where there are several, `Hop.unseenPeer` where none.
  subscript(name: PeerName, from meshCluster: Int32) -> Int32 {
    let named = (pods[name.pod] ?? []).filter {
      $0.namespace == name.namespace || $0.namespace.isEmpty || name.namespace.isEmpty
    }
    let near = named.filter { $0.meshCluster == meshCluster }
    let numbers = Set(
      (near.isEmpty ? named.filter { $0.meshCluster < 0 || meshCluster < 0 } : near).map(\.number))
    return numbers.count > 1 ? -1 : numbers.first ?? Hop.unseenPeer
  }
}
