/// Hosts that could serve and got nothing.
enum IdleHost {
  static func find(_ context: FindingContext) -> [Finding] {
    context.services.flatMap { spread in
      spread.all.hosts.indices.compactMap { index -> Finding? in
        let host = spread.all.hosts[index]
        guard host.isListed, host.requests == 0, spread.shares.expected[index] >= FindingLimits.silence else {
          return nil
        }
        return listed(spread, host)
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
    let silent = context.lines.sources.indices.filter { index in
      let source = context.lines.sources[index]
      return source.hasIdentity && workloads.contains(source.place) && !serving.contains(index)
        && context.isSilentServer(index)
    }
    guard !silent.isEmpty, spread.shares.couldTell else { return [] }
    let lives = lives(context.lines, Set(silent))
    let starts = spread.all.attempts.map(\.start)
    return silent.compactMap { index in
      // By chance none of its share came while it was there.
      guard let life = lives[index] else { return nil }
      let came = Shares.place(of: life.last + 1, in: starts) - Shares.place(of: life.first, in: starts)
      guard Double(came) >= FindingLimits.silence * Double(spread.served.count + 1) else { return nil }
      let source = context.lines.sources[index]
      return finding(
        spread, AttemptHost(address: "", meshCluster: source.meshCluster, pod: source.pod),
        "\(source.pod) is a pod of \(source.workload) and got no request, while its peers got "
          + "\(Quantity.grouped(Int64(spread.all.attempts.count))).",
        "Its log has lines of that time, none of them of a request to it.")
    }
  }

  /// First and last sign in some logs, microseconds since the epoch.
  private static func lives(_ lines: FindingLines, _ sources: Set<Int>) -> [Int: (first: Int64, last: Int64)]
  {
    var lives: [Int: (first: Int64, last: Int64)] = [:]
    for line in lines.lines {
      let source = lines.sets[Int(line.set)].source
      guard sources.contains(source) else { continue }
      let known = lives[source] ?? (line.start, line.end)
      lives[source] = (min(known.first, line.start), max(known.last, line.end))
    }
    return lives
  }
}
