internal import AccessLog
internal import TraceStore

/// The pods that Kubernetes tells of, by address: they name hosts of which no log is there.
struct KnownHosts {
  private var byIP: [String: [KnownPod]] = [:]

  /// - Throws: `StoreError`
  init(_ reader: StoreReader) throws {
    for pod in try reader.knownPods() {
      for address in pod.addresses { byIP[address, default: []].append(pod) }
    }
  }

  init() {}

  var isEmpty: Bool { byIP.isEmpty }

  /// The one pod that has had a host's address, as seen from a mesh cluster (empty where none is known); nil where there is none,
  /// and where there were several.
  func pod(at host: String, from meshCluster: String) -> KnownPod? {
    if isEmpty { return nil }
    let all = byIP[HostName(host).ip] ?? []
    let own = all.filter { $0.meshCluster == meshCluster }
    let pods = own.isEmpty ? all : own
    return pods.count == 1 ? pods[0] : nil
  }
}
