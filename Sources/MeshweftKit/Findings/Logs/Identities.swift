/// Logs of which no pod is known, and addresses that two pods have at once.
enum Identities {
  static func find(_ context: FindingContext) -> [Finding] {
    // By name: the order of sources is that in which they were fed.
    let nameless = context.lines.sources.filter { !$0.hasIdentity }.sorted { $0.name < $1.name }
    var findings: [Finding] = nameless.isEmpty ? [] : [identity(nameless, context)]
    for spread in context.services { findings += conflicts(spread) }
    return findings
  }

  private static func identity(_ sources: [FindingSource], _ context: FindingContext) -> Finding {
    let names = sources.prefix(3).map { Shown.text($0.name, limit: 80) }.joined(separator: ", ")
    var finding = Finding(
      kind: .identityMissing, severity: .info, from: context.lines.lines.first?.start ?? 0,
      to: context.lines.lines.last?.start ?? 0,
      sentence:
        "Of \(Quantity.counted(Int64(sources.count), "log")) no pod is known: \(names)\(sources.count > 3 ? " …" : "")."
    )
    finding.subject.source = sources.count == 1 ? sources[0].name : nil
    finding.numbers = [.init("sources", sources.count)]
    finding.evidence = ["`meshweft sources` shows whose each log is."]
    finding.remedies = [
      .init(
        "Name files CLUSTER.NAMESPACE.POD.CONTAINER.log, or give --mesh-cluster, --namespace and --pod to `ingest`."
      )
    ]
    return finding
  }

  /// From when to when a pod served at an address.
  private struct Life {
    var host: Int32
    var pod: String
    var meshCluster: String
    var first: Int64
    var last: Int64
  }

  /// One address in the logs of two pods at the same time, which no two mesh clusters explain.
  private static func conflicts(_ spread: SpreadCase) -> [Finding] {
    var lives: [Int32: Life] = [:]
    for attempt in spread.all.attempts where attempt.serverLine >= 0 {
      let source = spread.lines.source(Int(attempt.serverLine))
      var life =
        lives[attempt.host]
        ?? Life(
          host: attempt.host, pod: source.pod, meshCluster: source.meshCluster, first: attempt.start,
          last: attempt.start)
      life.last = max(life.last, attempt.start)
      lives[attempt.host] = life
    }
    let byAddress = Dictionary(grouping: lives.values) { spread.all.hosts[Int($0.host)].address }
    return byAddress.sorted { $0.key < $1.key }.compactMap { address, pods in
      let sorted = pods.sorted { ($0.first, $0.pod, $0.meshCluster) < ($1.first, $1.pod, $1.meshCluster) }
      return clash(sorted).map { conflict(spread, address, $0, $1, pods: pods.count) }
    }
  }

  private static func clash(_ sorted: [Life]) -> (Life, Life)? {
    for (place, life) in sorted.enumerated() {
      for earlier in sorted[..<place] where life.first < earlier.last {
        let clusters = Set([life.meshCluster, earlier.meshCluster]).subtracting([""])
        if clusters.count < 2, life.pod != earlier.pod { return (earlier, life) }
      }
    }
    return nil
  }

  private static func conflict(
    _ spread: SpreadCase, _ address: String, _ one: Life, _ other: Life, pods: Int
  ) -> Finding {
    var finding = spread.finding(
      .addressConflict,
      "\(address) stands in the logs of two pods at the same time: \(one.pod) and \(other.pod).")
    finding.subject.host = address
    finding.numbers = [.init("pods", pods)]
    finding.evidence = [
      one.meshCluster.isEmpty || other.meshCluster.isEmpty
        ? "Their lines of requests overlap in time, and of which mesh cluster they are is not known of both."
        : "Their lines of requests overlap in time: logs of two mesh clusters may have the same name of a cluster."
    ]
    finding.remedies = [
      .init("Name each mesh cluster: the first part of a log's file name, or --mesh-cluster.")
    ]
    return finding
  }
}
