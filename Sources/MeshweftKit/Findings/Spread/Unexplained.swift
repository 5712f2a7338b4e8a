/// Uneven, and none of the known causes fits.
enum Unexplained {
  static func finding(_ spread: SpreadCase) -> Finding {
    let shares = spread.shares
    let busiest = shares.counts.indices.max { shares.ratio($0) < shares.ratio($1) } ?? 0
    var finding = spread.finding(
      .unexplained,
      "The busiest host, \(spread.all.hosts[busiest].shown), gets \(spread.ratio(busiest)) of its share, and none of the known causes fits."
    )
    finding.subject.host = spread.all.hosts[busiest].address
    finding.confidence = 0.5
    finding.numbers.append(.init("connections", spread.all.connections.count))
    finding.evidence += excluded(spread)
    finding.remedies = [
      .init(
        "`meshweft load \(spread.service) --by source` and `--by host` show who calls whom and when; `--since` narrows the time."
      )
    ]
    return finding
  }

  private static func excluded(_ spread: SpreadCase) -> [String] {
    if spread.all.isDirect {
      return [
        "Callers reach hosts directly, so connections at cross-network proxies do not matter.",
        "No host is left out after failures (outlier_ejection), no caller keeps to hosts of its own (locality), no path or "
          + "authority has one host (sticky_key; a hash of a header or cookie would not show), versions and slow hosts do not explain it.",
      ]
    }
    return [
      "Connections per host explain \(Decimals.percent(max(0, ConnectionPinning.explainedByConnections(spread)))) of it (few_connections, connection_pinning).",
      "Proxies (proxy_share), subsets (weighted_subsets), hosts that came late or lost their connections do not explain it.",
    ]
  }
}
