/// Hosts that could serve and got nothing.
enum IdleHost {
  static func find(_ context: FindingContext) -> [Finding] {
    context.services.flatMap { spread in
      spread.all.hosts.indices.compactMap { index -> Finding? in
        let host = spread.all.hosts[index]
        return host.isListed && host.requests == 0 ? listed(spread, host) : nil
      } + silentPods(context, spread)
    }
  }

  private static func listed(_ spread: SpreadCase, _ host: AttemptHost) -> Finding {
    finding(
      spread, host,
      "\(host.shown)\(host.pod.isEmpty ? "" : " (\(Shown.text(host.pod, limit: 100)))") is an endpoint of the service and got "
        + "no request, while the others got \(Quantity.grouped(Int64(spread.all.attempts.count))).",
      "The list of endpoints names it, and no line does.")
  }

  private static func finding(
    _ spread: SpreadCase, _ host: AttemptHost, _ sentence: String, _ evidence: String
  ) -> Finding {
    var finding = spread.finding(.idleHost, sentence)
    finding.subject.host = host.address.isEmpty ? nil : host.address
    finding.subject.pod = host.pod.isEmpty ? nil : host.pod
    finding.subject.meshCluster = host.meshCluster.isEmpty ? nil : host.meshCluster
    finding.evidence.insert(evidence, at: 0)
    finding.numbers = [.init("requests", 0), .init("requests_of_others", spread.all.attempts.count)]
    finding.remedies = [
      .init(
        "It is not ready, the proxies do not know it, or no connection was made since it came: compare `kubectl get endpointslices` with `istioctl proxy-config endpoints` of a caller or proxy."
      ),
      .init(
        "If connections that were there before it keep the others busy, bound their life; each new one costs a handshake.",
        yaml: Manifest.maxConnectionDuration(spread.service)),
    ]
    return finding
  }

  /// Pods of the same workload whose log goes on, without a request of this or any service.
  private static func silentPods(_ context: FindingContext, _ spread: SpreadCase) -> [Finding] {
    let serving = Set(spread.all.hosts.compactMap { $0.source >= 0 ? $0.source : nil })
    let workloads = Set(serving.map { context.lines.sources[$0].place })
    return context.lines.sources.indices.compactMap { index in
      let source = context.lines.sources[index]
      guard source.hasIdentity, workloads.contains(source.place), !serving.contains(index),
        context.isSilentServer(index), spread.shares.couldTell
      else { return nil }
      return finding(
        spread, AttemptHost(address: "", meshCluster: source.meshCluster, pod: source.pod),
        "\(source.pod) is a pod of \(source.workload) and got no request, while its peers got "
          + "\(Quantity.grouped(Int64(spread.all.attempts.count))).",
        "Its log has lines of that time, none of them of a request to it.")
    }
  }
}
