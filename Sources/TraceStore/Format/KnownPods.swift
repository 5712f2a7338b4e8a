internal import AccessLog

/// The pods that Kubernetes tells of, by name and by address.
struct KnownPods {
  private var byName: [String: [KnownPod]] = [:]
  private var byAddress: [String: [KnownPod]] = [:]

  init(_ pods: [KnownPod]) {
    byName = Dictionary(grouping: pods, by: \.name)
    for pod in pods {
      for address in pod.addresses { byAddress[address, default: []].append(pod) }
    }
  }

  /// The one pod that can have written lines of an address from a time on; nil where there is none, or several can.
  func pod(at address: String, like source: SourceClass, first: Int64) -> KnownPod? {
    let fitting = (byAddress[address] ?? []).filter { pod in
      KnownPods.fits(pod, source) && pod.mayLive(from: first, to: first)
    }
    return fitting.count == 1 ? fitting[0] : nil
  }

  /// The one pod that a named source can be; nil where there is none, or several that differ can.
  func pod(named source: SourceClass) -> KnownPod? {
    let fitting = (byName[source.origin.pod] ?? []).filter { pod in
      KnownPods.fits(pod, source)
        && (pod.addresses.isEmpty || source.addresses.isEmpty
          || !pod.addresses.isDisjoint(with: source.addresses))
    }
    guard var one = fitting.first else { return nil }
    // A pod of a StatefulSet comes again under its name, with other addresses.
    for other in fitting.dropFirst() {
      guard one.meshCluster == other.meshCluster, one.namespace == other.namespace else { return nil }
      if one.workload != other.workload { one.workload = "" }
    }
    return one
  }

  private static func fits(_ pod: KnownPod, _ source: SourceClass) -> Bool {
    let told = Origin(meshCluster: source.origin.meshCluster, namespace: source.origin.namespace)
    return !told.contradicts(Origin(meshCluster: pod.meshCluster, namespace: pod.namespace))
  }
}
