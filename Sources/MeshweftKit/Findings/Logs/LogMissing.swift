internal import Correlation

/// A peer's address that no log has.
///
/// A log is missing where *all* of a connection's, or of a host's, requests are seen from the other end only; where some of
/// them are, lines were lost, which is not said here.
enum LogMissing {
  /// Requests of a connection or host at least.
  private static let requests = 5

  static func find(_ context: FindingContext) -> [Finding] {
    context.services.flatMap { clients(context, $0) + servers(context, $0) + proxies(context, $0) }
  }

  /// Connections of which no request has a caller's line.
  private static func clients(_ context: FindingContext, _ spread: SpreadCase) -> [Finding] {
    var known: [Int32: (all: Int, withClient: Int)] = [:]
    for attempt in spread.all.attempts where attempt.serverLine >= 0 {
      let count = known[attempt.connection] ?? (0, 0)
      known[attempt.connection] = (count.all + 1, count.withClient + (attempt.clientLine >= 0 ? 1 : 0))
    }
    let orphans = known.filter { $0.value.withClient == 0 && $0.value.all >= requests }
    let count = orphans.reduce(0) { $0 + $1.value.all }
    guard count > 0 else { return [] }
    var finding = spread.finding(
      .logMissing,
      "\(Quantity.counted(Int64(count), "request")) to \(Shown.text(spread.service, limit: 200)) came over "
        + "\(Quantity.counted(Int64(orphans.count), "connection")) of which no caller's log has a line.",
      severity: .warning)
    finding.subject.role = "client"
    finding.numbers = [.init("requests", count), .init("connections", orphans.count)]
    finding.evidence = [addresses(spread, Set(orphans.keys))]
    finding.remedies = [
      .init(
        "Ingest the istio-proxy logs of the pods that call it, if they are in the mesh: compare `meshweft sources` with `kubectl get pods`."
      )
    ]
    return [finding]
  }

  private static func addresses(_ spread: SpreadCase, _ connections: Set<Int32>) -> String {
    var ips: Set<String> = []
    var isBorder = false
    for attempt in spread.all.attempts
    where attempt.serverLine >= 0 && connections.contains(attempt.connection) {
      let remote = spread.lines.lines[Int(attempt.serverLine)].downstreamRemote
      if attempt.crossedBorder {
        isBorder = true
      } else if remote > 0 {
        ips.insert(StoredAddressText.ip(remote))
      }
    }
    let named = ips.sorted().prefix(5).joined(separator: ", ")
    if named.isEmpty { return "They came over a cross-network proxy, which hides their callers' addresses." }
    return "They came from \(named)\(isBorder ? ", and over a cross-network proxy" : "")."
  }

  /// Hosts that took requests or connections and have no line.
  private static func servers(_ context: FindingContext, _ spread: SpreadCase) -> [Finding] {
    guard spread.all.hasServers || spread.all.hasProxies || spread.all.isDirect, !spread.all.isAmbient,
      // Behind an egress gateway or a ServiceEntry nobody has a sidecar.
      Manifest.isOfKubernetes(spread.service)
    else { return [] }
    let noun = spread.all.isTCP ? "connection" : "request"
    let known = Set(spread.all.hosts.map(\.address))
    let answered = spread.all.hosts.filter { $0.source < 0 && $0.requests >= requests }.map { host in
      server(
        spread, host.address, host.meshCluster,
        "\(spread.all.isTCP ? "took" : "answered") \(Quantity.counted(Int64(host.requests), noun))",
        [.init("\(noun)s", host.requests)])
    }
    let passedOn = spread.all.passedOn.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map {
      host, count in
      server(
        spread, host, count.meshCluster,
        "took \(Quantity.counted(Int64(count.connections), "connection")) from proxies",
        [.init("connections", count.connections)])
    }
    return answered + passedOn
  }

  private static func server(
    _ spread: SpreadCase, _ host: String, _ meshCluster: String, _ did: String, _ numbers: [Finding.Number]
  ) -> Finding {
    var finding = spread.finding(.logMissing, "\(host) \(did), and no log has a line of it.")
    finding.subject.role = "server"
    finding.subject.host = host
    finding.subject.meshCluster = meshCluster.isEmpty ? nil : meshCluster
    finding.numbers = numbers
    finding.evidence = ["Callers' or proxies' lines name it as upstream_host."]
    finding.remedies = [
      .init(
        "Ingest the istio-proxy log of the pod at \(host); without it there are no server times, and its load is seen from outside only."
      )
    ]
    return finding
  }

  /// Connections whose proxy's log covers their time and has no line.
  private static func proxies(_ context: FindingContext, _ spread: SpreadCase) -> [Finding] {
    let missing = spread.all.attempts.filter { attempt in
      let place = Int(attempt.clientLine >= 0 ? attempt.clientLine : attempt.serverLine)
      return context.lines.lines[place].status == .missing
    }
    guard missing.count >= requests else { return [] }
    var finding = spread.finding(
      .logMissing,
      "\(Quantity.counted(Int64(missing.count), "request")) to \(Shown.text(spread.service, limit: 200)) came over connections "
        + "whose line is missing from the proxies' logs.")
    finding.subject.role = "proxy"
    finding.numbers = [.init("requests", missing.count)]
    finding.evidence = ["The proxies' logs cover the time at which the connections must have closed."]
    finding.remedies = [
      .init(
        "A proxy's log may have been rotated, or one replica's was not fetched: ingest the logs of all its pods."
      )
    ]
    return [finding]
  }
}
