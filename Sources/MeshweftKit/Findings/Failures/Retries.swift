internal import AccessLog

/// Requests are tried again, and hosts get several attempts for each.
enum RetryAmplification {
  private static let ratio = 1.1
  private static let extra = 20

  static func find(_ context: FindingContext) -> [Finding] {
    var counts: [String: (requests: Int, attempts: Int, first: Int64, last: Int64)] = [:]
    for (client, answers) in context.table.answers {
      guard let service = context.lines.attributes(Int(client)).service else { continue }
      let line = context.lines.lines[Int(client)]
      let known = counts[service] ?? (0, 0, line.start, line.end)
      counts[service] = (
        known.requests + 1, known.attempts + answers.count, min(known.first, line.start),
        max(known.last, line.end)
      )
    }
    return counts.sorted { $0.key < $1.key }.compactMap { service, count in
      let ratio = Double(count.attempts) / Double(count.requests)
      guard ratio >= RetryAmplification.ratio, count.attempts - count.requests >= extra else { return nil }
      var finding = Finding(
        kind: .retryAmplification, severity: ratio >= 1.5 ? .warning : .info, from: count.first,
        to: count.last,
        sentence:
          "Hosts of \(Shown.text(service, limit: 200)) got \(Quantity.counted(Int64(count.attempts), "attempt")) for "
          + "\(Quantity.counted(Int64(count.requests), "request")): retries multiply the load by \(Decimals.text(ratio, digits: 2))."
      )
      finding.subject.service = service
      finding.numbers = [
        .init("requests", count.requests), .init("attempts", count.attempts),
        .init("attempts_per_request", ratio, digits: 2),
      ]
      finding.evidence = [
        "Each attempt is a server's line with the request's id; `meshweft traces --service \(service)` shows them below one request."
      ]
      finding.remedies = [
        .init(
          "Mend what fails first: retries hide it from callers, and add to the load of hosts that fail because of it."
        ),
        .init(
          "Bound them: fewer attempts, and a retry budget; callers then see more of the failures.",
          yaml: Manifest.retries(service, attempts: 1, "perTryTimeout: 2s")),
      ]
      return finding
    }
  }
}

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
