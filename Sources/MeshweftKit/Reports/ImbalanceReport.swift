internal import TraceStore

/// What `meshweft imbalance` is asked.
public struct ImbalanceOptions: Sendable {
  /// `host:port`, `host`, or its first labels; nil for all.
  public var service: String?
  /// Of starts, made longer to whole minutes.
  public var window = TimeWindow()
  /// A list of the service's endpoints, to see those that served nothing.
  public var endpoints: String?
  /// `max-mean=1.5`: what counts as a finding.
  public var failOn: String?

  /// Every service, over all time.
  public init() {}
}

/// `meshweft imbalance`: how evenly a service's hosts are used, and why not.
public struct ImbalanceReport: Sendable {
  /// One per service, the one with most requests first.
  let services: [ServiceImbalance]
  /// Sentences for standard error.
  public let notes: [String]
  /// Services beyond what `--fail-on` allows.
  public let findings: [String]
  /// Lines wait to be linked that could not be: what is beyond a limit may not be seen.
  public let isPartial: Bool

  /// Services that an error names.
  private static let namedServices = 20

  /// - Throws: `UsageError`, `StoreError`
  public init(database: String, options: ImbalanceOptions) throws {
    let limit = try options.failOn.map(FailOn.init)
    let endpoints = try options.endpoints.map { try Endpoint.list(file: $0, database: database) }
    let reader = try Correlate.reader(database)
    let (sums, conclusions, notes) = try reader.snapshot {
      let table = try LegTable(reader, service: options.service, window: options.window)
      var sums = GroupSums(table)
      try table.forEach(.any, times: false, connections: { sums.add($0) }) { sums.add($0) }
      let byService = sums.byService
      let conclusions = try SpreadConclusions(reader, byService, table.window, endpoints)
      return (byService, conclusions, table.window.notes + conclusions.notes)
    }
    if endpoints != nil, sums.count > 1 {
      let names = sums.keys.sorted()
      let shown = names.prefix(ImbalanceReport.namedServices).joined(separator: ", ")
      let more = names.count - ImbalanceReport.namedServices
      throw UsageError(
        "--endpoints lists one service's hosts: name the service, one of \(shown)"
          + (more > 0 ? " and \(Quantity.grouped(Int64(more))) more" : ""))
    }
    let spreads = sums.map { service, sums in
      var spread = ServiceSpread(service, sums)
      if let endpoints { spread.add(idle: endpoints) }
      return ServiceImbalance(
        spread, knowsEndpoints: endpoints != nil, conclusion: conclusions.byService[service])
    }
    let services = spreads.filter(\.spread.hasSomething).sorted {
      ServiceSpread.isBusier($0.spread, $1.spread)
    }
    self.services = services
    self.notes =
      notes + (services.isEmpty ? ["no requests to any service in the logs that were asked for"] : [])
    findings = limit.map { limit in services.compactMap(limit.finding) } ?? []
    isPartial = !reader.notes.isEmpty
  }
}

/// One service's verdict.
struct ServiceImbalance: Sendable {
  typealias Verdict = SpreadVerdict.Verdict

  let spread: ServiceSpread
  let verdict: Verdict
  let cause: ImbalanceCause
  /// What lines told beyond sums; nil where sums say that nothing is uneven.
  let conclusion: SpreadVerdict?
  /// Pairs of client and host with the most requests, at the hosts that have more than the mean.
  let drivers: [ServiceSpread.Driver]
  /// What is not known, in sentences.
  let caveats: [String]

  init(_ spread: ServiceSpread, knowsEndpoints: Bool, conclusion: SpreadVerdict? = nil) {
    self.spread = spread
    self.conclusion = conclusion
    let requests = spread.requests
    if let conclusion {
      verdict = conclusion.verdict
      cause = conclusion.cause.flatMap { ImbalanceCause(rawValue: $0.kind.rawValue) } ?? .none
    } else {
      verdict = requests.isUneven ? .imbalanced : requests.couldTell ? .balanced : .tooFew
      cause = verdict == .imbalanced ? ImbalanceCause(spread) : .none
    }
    drivers = verdict == .imbalanced ? ServiceImbalance.drivers(spread) : []
    caveats = ServiceImbalance.caveats(spread, knowsEndpoints: knowsEndpoints)
  }

  private static func drivers(_ spread: ServiceSpread) -> [ServiceSpread.Driver] {
    let mean = spread.requests.total / Double(max(1, spread.hosts.count))
    let busy = Set(spread.hosts.values.filter { Double($0.requests) > mean }.map(\.key))
    let all = spread.drivers.values.filter { busy.contains($0.host) }
    let sorted = all.sorted { ($1.requests, $0.client, $0.host) < ($0.requests, $1.client, $1.host) }
    return Array(sorted.prefix(ImbalanceLimits.drivers))
  }

  private static func caveats(_ spread: ServiceSpread, knowsEndpoints: Bool) -> [String] {
    var caveats: [String] = []
    if !knowsEndpoints {
      caveats.append(
        "Hosts without any request log nothing and are not counted: --endpoints FILE adds them.")
    }
    for host in spread.sortedHosts where host.isIdle {
      let pod = host.pod.isEmpty ? "" : " (\(Shown.text(host.pod, limit: 100)))"
      caveats.append(
        "\(Shown.text(host.host, limit: 100))\(pod) got no request: it is not ready, the proxies do not know it, or no "
          + "connection was made since it started.")
    }
    for host in spread.unreachable {
      caveats.append("\(Shown.text(host, limit: 100)) was called by a proxy and never took a connection.")
    }
    for host in spread.unlogged {
      caveats.append(
        "\(Shown.text(host, limit: 100)) took connections, but no log has its requests, so it is not counted."
      )
    }
    if spread.unplaced > 0 {
      caveats.append("\(Quantity.counted(spread.unplaced, "request")) ended before a host was known.")
    }
    if !spread.hasServers {
      caveats.append(
        spread.hasProxies
          ? "There are no server logs: requests are counted by the host that a proxy logged."
          : "There are neither server nor proxy logs: hosts are the addresses that clients called, perhaps those of a border."
      )
    } else if spread.proxies.isEmpty {
      caveats.append("No proxy's line is linked: how requests were shared among proxies is not known.")
    }
    return caveats
  }
}

/// `--fail-on max-mean=1.5`
struct FailOn {
  private let limit: Double

  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, parts[0] == "max-mean", let limit = Double(parts[1]), limit >= 1,
      limit.isFinite
    else {
      throw UsageError("--fail-on takes max-mean=N with N of 1 or more, not \(Shown.text(text, limit: 40))")
    }
    self.limit = limit
  }

  /// A service that is uneven beyond chance, and beyond the limit.
  func finding(_ service: ServiceImbalance) -> String? {
    let requests = service.spread.requests
    guard requests.isSignificant, requests.hosts > 1, requests.maxOverMean > limit else { return nil }
    // Hosts that came or went are held to what they could get while they were there.
    let most = service.conclusion.map { min($0.shares.most, requests.maxOverMean) } ?? requests.maxOverMean
    guard most > limit else { return nil }
    let found = Decimals.text(most, digits: 2)
    return
      "\(Shown.text(service.spread.service, limit: 200)): max/mean \(found) is above \(Decimals.text(limit, digits: 2, trimmed: true))"
  }
}
