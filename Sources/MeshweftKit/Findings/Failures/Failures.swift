internal import AccessLog

/// Why requests failed: each failed line of a caller has one cause at most, and those of one kind and service are one finding.
struct Failures {
  private(set) var findings: [Finding] = []

  struct Key: Hashable {
    var kind: FindingKind
    var service: String
  }

  /// Failed lines of one kind and service.
  struct Group {
    var key: Key
    /// Places of client lines, by start.
    var places: [Int]
    /// Requests of the service in all.
    var requests: Int
  }

  init(_ context: FindingContext) {
    let refusals = ProxyRefusals(context.lines)
    let classifier = FailureClassifier(
      lines: context.lines, refusals: refusals, answers: context.table.answers)
    let names = ServiceNames(context.table.services.keys)
    var byService: [String: [Int]] = [:]
    var servers: [String: [Int]] = [:]
    for place in context.lines.lines.indices {
      let set = context.lines.attributes(place)
      if FailureLines.isCaller(set), set.role != .gateway || context.lines.lines[place].parent < 0 {
        byService[set.service ?? names.service(ofAuthority: set.authority) ?? "", default: []].append(place)
      } else if set.role == .server, set.code >= 500 || set.grpcStatus?.isFailure ?? false,
        context.lines.clientLine(of: place) < 0, let service = set.service
      {
        servers[service, default: []].append(place)
      }
    }
    for (service, places) in byService.sorted(by: { $0.key < $1.key }) {
      add(context, classifier, service, places)
    }
    addUnseen(context, refusals, known: Set(byService.keys.map(FailureClassifier.host)))
    addServers(context, servers)
    findings += RetryAmplification.find(context) + ProxyBypass.find(context)
  }

  private mutating func add(
    _ context: FindingContext, _ classifier: FailureClassifier, _ service: String, _ places: [Int]
  ) {
    let idle = IdlePauses(context.lines, places) { classifier.answers[Int32($0)] != nil }
    let silent = Set(idle.places)
    var groups: [FindingKind: [Int]] = [:]
    for place in places {
      guard let kind = silent.contains(place) ? .idleTimeout : classifier.kind(place) else { continue }
      groups[kind, default: []].append(place)
    }
    for (kind, failed) in groups.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let group = Group(key: Key(kind: kind, service: service), places: failed, requests: places.count)
      if let finding = FailureSentences(context, classifier, group, idle).finding { findings.append(finding) }
    }
  }

  /// What proxies refused for services that no caller's log names.
  private mutating func addUnseen(_ context: FindingContext, _ refusals: ProxyRefusals, known: Set<String>) {
    for (host, all) in refusals.byHost.sorted(by: { $0.key < $1.key }) where !known.contains(host) {
      for (kind, group) in Dictionary(grouping: all, by: \.kind).sorted(by: {
        $0.key.rawValue < $1.key.rawValue
      }) {
        guard let first = group.first, let last = group.last, group.count >= FailureSentences.least else {
          continue
        }
        let proxy = context.lines.source(first.place).pod
        var finding = Finding(
          kind: kind, severity: group.count >= FindingLimits.warningFailures ? .warning : .info,
          from: first.start,
          to: last.end, sentence: FailureSentences.refused(kind, host, proxy, group.count))
        finding.subject.service = context.lines.attributes(first.place).service ?? host
        finding.subject.proxy = proxy
        finding.evidence = [
          "No caller's line names it; `meshweft hops --role proxy -o wide` shows the proxy's lines."
        ]
        finding.numbers = [.init("requests", 0), .init("connections", group.count)]
        finding.remedies = FailureSentences.remedies(kind, host)
        findings.append(finding)
      }
    }
  }

  /// What apps answered whose callers' logs are not there: 5xx, and gRPC calls that failed.
  private mutating func addServers(_ context: FindingContext, _ servers: [String: [Int]]) {
    for (service, places) in servers.sorted(by: { $0.key < $1.key }) {
      let isError = Dictionary(grouping: places) { context.lines.attributes($0).code >= 500 }
      for (kind, places) in [
        (FindingKind.serverErrors, isError[true] ?? []), (.grpcFailures, isError[false] ?? []),
      ] where places.count >= FailureSentences.least {
        guard !findings.contains(where: { $0.kind == kind && $0.subject.service == service }) else {
          continue
        }
        findings.append(answered(context, kind, service, places))
      }
    }
  }

  private func answered(
    _ context: FindingContext, _ kind: FindingKind, _ service: String, _ places: [Int]
  ) -> Finding {
    let all = context.table.services[service]?.attempts.count ?? places.count
    let share = Double(places.count) / Double(max(1, all))
    let statuses = GRPCFailures(places.map { context.lines.attributes($0) })
    let what = kind == .serverErrors ? "5xx" : "HTTP 200 and gRPC status \(statuses.words)"
    var finding = Finding(
      kind: kind, severity: FindingSeverity(failed: places.count, of: all),
      from: context.lines.lines[places[0]].start,
      to: context.lines.lines[places[places.count - 1]].end,
      sentence:
        "The app answered \(Quantity.counted(Int64(places.count), "request")) with \(what) (\(Decimals.percent(share)))."
    )
    finding.subject.service = service
    finding.numbers = [
      .init("requests", places.count), .init("all_requests", all), .init("share", share, digits: 4),
    ]
    if kind == .serverErrors {
      finding.evidence = [
        "`meshweft traces --service \(service) --status 5xx` shows them; their callers' lines are not there."
      ]
      finding.remedies = FailureSentences.remedies(.serverErrors, FailureClassifier.host(service))
    } else {
      finding.numbers += statuses.numbers
      finding.evidence = statuses.evidence + ["Their callers' lines are not there."]
      finding.remedies = statuses.remedies
    }
    return finding
  }
}
