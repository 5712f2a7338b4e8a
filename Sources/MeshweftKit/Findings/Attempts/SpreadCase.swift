/// One service whose spread is looked at: what the kinds of spread are asked about.
struct SpreadCase {
  let lines: FindingLines
  let all: ServiceAttempts
  let shares: Shares

  init(_ lines: FindingLines, _ all: ServiceAttempts) {
    self.lines = lines
    self.all = all
    shares = Shares(all)
  }

  var service: String { all.service }

  /// A finding about the service, with the command that shows its numbers.
  func finding(_ kind: FindingKind, _ sentence: String, severity: FindingSeverity = .warning) -> Finding {
    var finding = Finding(
      kind: kind, severity: severity, from: shares.window.lowerBound, to: shares.window.upperBound,
      sentence: sentence)
    finding.subject.service = service
    finding.evidence = ["`meshweft imbalance \(service)` shows what each host got."]
    finding.numbers = [
      .init("requests", all.attempts.count), .init("hosts", all.hosts.count),
      .init("max_over_share", shares.most, digits: 2), .init("min_over_share", shares.least, digits: 2),
    ]
    return finding
  }

  func ratio(_ host: Int) -> String { Decimals.text(shares.ratio(host), digits: 2) }

  /// Places of hosts that got requests.
  var served: [Int] { all.hosts.indices.filter { all.hosts[$0].requests > 0 } }

  /// Attempts of one caller each, by start.
  var byClient: [Int32: [FindingAttempt]] {
    Dictionary(grouping: all.attempts.filter { $0.client >= 0 }, by: \.client)
  }

  /// Connections per host: how many there are, and how long they lasted beside the host's life.
  var connectionsPerHost: [Double] {
    var counts = [Double](repeating: 0, count: all.hosts.count)
    for connection in all.connections { counts[Int(connection.host)] += 1 }
    return counts
  }
}
