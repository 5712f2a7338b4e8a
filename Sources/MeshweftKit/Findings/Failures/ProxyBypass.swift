internal import AccessLog

/// Callers that call addresses of another network straight, where others of their mesh cluster go over its border.
enum ProxyBypass {
  static func find(_ context: FindingContext) -> [Finding] {
    context.services.compactMap { spread in
      let foreign = hosts(spread)
      guard !foreign.isEmpty else { return nil }
      var straight: [Int] = []
      var border: Set<String> = []
      for place in context.lines.lines.indices {
        let set = context.lines.attributes(place)
        guard set.role == .client, set.service == spread.service, let host = set.upstreamHost else {
          continue
        }
        let own = context.lines.source(place).meshCluster
        if let cluster = foreign[host], cluster != own {
          straight.append(place)
        } else if context.lines.lines[place].carrier >= 0 {
          border.insert(own)
        }
      }
      let places = straight.filter { border.contains(context.lines.source($0).meshCluster) }
      return places.count >= FailureSentences.least ? finding(spread, places) : nil
    }
  }

  /// Addresses of hosts that surely are of one mesh cluster.
  private static func hosts(_ spread: SpreadCase) -> [String: String] {
    var clusters: [String: String] = [:]
    for host in spread.all.hosts where !host.meshCluster.isEmpty {
      clusters[host.address] = clusters[host.address] == nil ? host.meshCluster : ""
    }
    return clusters.filter { !$0.value.isEmpty }
  }

  private static func finding(_ spread: SpreadCase, _ places: [Int]) -> Finding {
    let lines = spread.lines
    let pods = Set(places.map { lines.source($0).pod }).sorted()
    let failed = places.count { lines.attributes($0).isFailure }
    var finding = spread.finding(
      .proxyBypass,
      "\(Quantity.counted(Int64(pods.count), "caller")) (\(pods.prefix(3).map { Shown.text($0, limit: 80) }.joined(separator: ", "))) call "
        + "addresses of the other network straight, \(Quantity.counted(Int64(places.count), "request")), where others go over its "
        + "proxy; \(Quantity.grouped(Int64(failed))) of them failed.",
      severity: failed * 20 > places.count ? .critical : .warning)
    finding.subject.client = pods.count == 1 ? pods[0] : nil
    finding.numbers = [
      .init("requests", places.count), .init("callers", pods.count), .init("failed", failed),
    ]
    finding.evidence = [
      "Their upstream_host is a pod of another mesh cluster; other callers of theirs go to the border's address."
    ]
    finding.remedies = [
      .init(
        "Restart these callers (`kubectl rollout restart`): their sidecars know no network of their own since before it was set. Requests are interrupted for as long as a rollout takes."
      )
    ]
    return finding
  }
}
