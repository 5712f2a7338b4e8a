internal import AccessLog

/// One group of failed lines as a finding: its sentence, its figures and where they come from.
struct FailureSentences {
  private let context: FindingContext
  private let classifier: FailureClassifier
  private let group: Failures.Group
  private let idle: IdlePauses

  /// Failures below which nothing is said: one reset in a million is no finding.
  static let least = 3

  init(
    _ context: FindingContext, _ classifier: FailureClassifier, _ group: Failures.Group, _ idle: IdlePauses
  ) {
    self.context = context
    self.classifier = classifier
    self.group = group
    self.idle = idle
  }

  private var lines: FindingLines { context.lines }
  private var kind: FindingKind { group.key.kind }
  private var host: String { FailureClassifier.host(group.key.service) }
  private var service: String {
    group.key.service.isEmpty ? "an unknown service" : Shown.text(group.key.service, limit: 200)
  }
  private var count: Int { group.places.count }
  private var requests: String { Quantity.counted(Int64(count), "request") }

  var finding: Finding? {
    guard count >= FailureSentences.least, let first = group.places.first else { return nil }
    var details = Details()
    fill(&details)
    var finding = Finding(
      kind: kind, severity: FindingSeverity(failed: count, of: group.requests),
      from: lines.lines[first].start,
      to: group.places.map { lines.lines[$0].end }.max() ?? 0, sentence: details.sentence)
    let callers = Set(group.places.map { lines.source($0).caller })
    finding.subject.service = group.key.service.isEmpty ? nil : group.key.service
    finding.subject.client = callers.count == 1 ? callers.first : nil
    finding.subject.proxy = details.proxy
    finding.confidence = details.confidence
    finding.evidence = details.evidence + evidence(callers)
    finding.numbers =
      [.init("requests", count), .init("all_requests", group.requests)] + details.numbers
    finding.remedies =
      details.remedies.isEmpty ? FailureSentences.remedies(kind, group.key.service) : details.remedies
    return finding
  }

  struct Details {
    var sentence = ""
    var evidence: [String] = []
    var numbers: [Finding.Number] = []
    var remedies: [Finding.Remedy] = []
    var proxy: String?
    var confidence = 0.95
  }

  /// What Envoy wrote most often, and who called.
  private func evidence(_ callers: Set<String>) -> [String] {
    var texts: [String] = []
    func mostOften(_ name: String, _ text: (FindingAttributes) -> String) {
      let counts = Dictionary(
        grouping: group.places.map { text(lines.attributes($0)) }.filter { !$0.isEmpty }
      ) { $0 }
      guard let top = counts.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else { return }
      texts.append(
        "\(name) of \(Quantity.grouped(Int64(top.value.count))): \(Shown.text(top.key, limit: 200))")
    }
    mostOften("upstream_transport_failure_reason", \.reason)
    mostOften("response_code_details", \.details)
    mostOften("response flags") { $0.flags.shortNames.joined(separator: ",") }
    let names = callers.sorted().prefix(3).map { Shown.text($0, limit: 80) }.joined(separator: ", ")
    texts.append("Callers: \(names)\(callers.count > 3 ? " and \(callers.count - 3) more" : "").")
    if let flag = flag { texts.append("`meshweft traces --flag \(flag)` shows them.") }
    return texts
  }

  private var flag: String? {
    let flags = group.places.first.map { lines.attributes($0).flags.subtracting(.upstreamRetryLimitExceeded) }
    return flags?.shortNames.first
  }

  private func fill(_ details: inout Details) {
    switch kind {
    case .noHealthyUpstream, .unknownSNI: fillRefused(&details)
    case .idleTimeout: fillIdle(&details)
    case .noRoute:
      details.sentence =
        "\(requests) for \(service) failed in the caller's own sidecar, which has no route or cluster for it (NR, NC): nothing was sent."
    case .passthrough:
      details.sentence =
        "\(requests) for \(service) went out as unknown traffic (\(clusters)) and failed: the caller's sidecar does not know the address that the app called."
    case .connectionCut: fillCut(&details)
    case .circuitBreaker:
      details.sentence =
        "\(requests) to \(service) were turned away by the caller's own circuit breaker (UO): a limit of connections or pending requests was reached, and nothing was sent."
      details.evidence = bursts()
    case .requestTimeout:
      details.sentence =
        "\(requests) to \(service) got no answer within the caller's timeout (UT): \(Decimals.text(medianSeconds, digits: 1)) s in the middle."
      details.numbers = [.init("median_s", medianSeconds, digits: 1)]
    case .clientGaveUp:
      details.sentence =
        "\(requests) to \(service) were given up by the calling app (DC), after \(Decimals.text(medianSeconds, digits: 1)) s in the middle."
      details.numbers = [.init("median_s", medianSeconds, digits: 1)]
    case .serverErrors:
      details.sentence =
        "The app answered \(requests) to \(service) with 5xx: \(Decimals.percent(share)) of all."
      details.numbers = [.init("share", share, digits: 4)]
    case .grpcFailures: fillGRPC(&details)
    case .tlsFailure:
      details.sentence =
        "\(requests) to \(service) failed in the TLS handshake: \(reasonInWords)."
    default: fillConnect(&details)
    }
  }

  private func fillGRPC(_ details: inout Details) {
    let statuses = GRPCFailures(group.places.map { lines.attributes($0) })
    details.sentence =
      "\(requests) to \(service) failed though HTTP says 200: gRPC status \(statuses.words), "
      + "\(Decimals.percent(share)) of all."
    details.numbers = [.init("share", share, digits: 4)] + statuses.numbers
    details.evidence = statuses.evidence
    details.remedies = statuses.remedies
  }

  private var share: Double { Double(count) / Double(max(1, group.requests)) }

  private var medianSeconds: Double {
    Chance.median(group.places.map { Double(lines.lines[$0].duration) }) / 1e6
  }

  private var clusters: String {
    Set(group.places.compactMap { lines.attributes($0).upstreamCluster }).sorted().joined(separator: ", ")
  }

  private var reasonInWords: String {
    let words = group.places.map {
      (lines.attributes($0).reason + " " + lines.attributes($0).details).lowercased()
    }
    let meanings = [
      (
        "verify",
        "the certificate is not trusted, the two ends have no common root (CERTIFICATE_VERIFY_FAILED)"
      ),
      ("unknown_ca", "the other end does not trust the caller's certificate"),
      ("expired", "a certificate has expired"),
      ("wrong_version", "the other end does not speak TLS on this port"),
      ("http_request", "plaintext came where TLS was expected"),
      ("secret", "the caller's sidecar has no certificate yet"), ("cipher", "no cipher in common"),
      ("protocol", "no TLS version or application protocol in common"),
      ("certificate_required", "the other end wants a certificate, and got none"),
    ]
    return meanings.first { meaning in words.contains { $0.contains(meaning.0) } }?.1
      ?? "the two ends could not agree (the reason stands below)"
  }

  private func fillRefused(_ details: inout Details) {
    let refusals = group.places.flatMap {
      classifier.refusals.refusals(of: host, from: lines.lines[$0].start, to: lines.lines[$0].end)
    }.filter { $0.kind == kind }
    let places = Set(refusals.map(\.place))
    guard let first = places.min() else {
      details.sentence =
        "\(requests) to \(service) failed in the caller's own sidecar: it knows no healthy endpoint of it (UH)."
      return
    }
    let proxy = lines.source(first).pod
    details.proxy = proxy
    details.numbers = [.init("connections", places.count)]
    details.sentence =
      FailureSentences.refused(kind, lines.attributes(first).serverName ?? host, proxy, places.count)
      + " \(requests) failed by it."
    let attempts = Double(places.count) / Double(count)
    details.evidence = [
      "The proxy's lines fit the failed requests by SNI and time: \(Decimals.text(attempts, digits: 1)) connections for each."
    ]
    details.numbers.append(.init("connections_per_request", attempts, digits: 1))
  }

  static func refused(_ kind: FindingKind, _ name: String, _ proxy: String, _ count: Int) -> String {
    let what = "\(Shown.text(proxy, limit: 100)) logged \(Quantity.grouped(Int64(count))) ×"
    return kind == .unknownSNI
      ? "\(what) NR for the SNI \(Shown.text(name, limit: 200)), which it does not know (filter_chain_not_found)."
      : "\(what) UH for the SNI \(Shown.text(name, limit: 200)): there is no healthy endpoint behind it."
  }

  private func fillIdle(_ details: inout Details) {
    let worked = Decimals.text(idle.longestThatWorked, digits: 0)
    let failed = Decimals.text(idle.shortestThatFailed, digits: 0)
    details.sentence =
      "\(requests) to \(service) failed only because the connection had been silent: pauses up to \(worked) s worked, from \(failed) s on "
      + "all failed. Something on the way forgets idle connections in between."
    details.numbers = [
      .init("longest_pause_that_worked_s", idle.longestThatWorked, digits: 0),
      .init("shortest_that_failed_s", idle.shortestThatFailed, digits: 0),
    ]
    let bound = Int(idle.longestThatWorked > 0 ? idle.longestThatWorked : idle.shortestThatFailed / 2)
    details.remedies = [
      .init(
        "Keep connections alive, or end them before they are forgotten: TCP keepalive costs a packet per connection and interval, an idle timeout a handshake after each long pause.",
        yaml: Manifest.keepalive(group.key.service, idleSeconds: bound)),
      .init(
        "Or raise the idle timeout of the load balancer or firewall on the way; it then holds more connections."
      ),
    ]
  }

  private func fillCut(_ details: inout Details) {
    let both = group.places.count { place in
      classifier.answers[Int32(place)]?.contains {
        lines.attributes(Int($0)).flags.contains(.downstreamConnectionTermination)
      } ?? false
    }
    let proxied = group.places.count { place in
      let carrier = Int(lines.lines[place].carrier)
      return carrier >= 0 && abs(lines.lines[carrier].end - lines.lines[place].end) < 2_000_000
    }
    details.sentence =
      both * 2 >= count
      ? "\(requests) to \(service) were cut in the middle: the caller lost its upstream (UC) and the server its downstream (DC) at once, so that something between them ended the connection."
      : "\(requests) to \(service) lost their connection before the answer (UC)."
    details.confidence = both * 2 >= count || proxied * 2 >= count ? 0.95 : 0.7
    details.numbers = [.init("both_ends", both), .init("proxy_ended", proxied)]
    details.evidence = [
      "The server's sidecar logged DC for \(Quantity.grouped(Int64(both))), the proxy's line ends in the same moment for \(Quantity.grouped(Int64(proxied)))."
    ]
  }

  private func fillConnect(_ details: inout Details) {
    let unseen = group.places.count {
      classifier.refusals.sawNothing(of: host, from: lines.lines[$0].start, to: lines.lines[$0].end)
    }
    let where_ = Set(group.places.compactMap { lines.attributes($0).upstreamHost }).sorted().prefix(2).joined(
      separator: ", ")
    let to = where_.isEmpty ? service : "\(service) at \(Shown.text(where_, limit: 100))"
    details.sentence =
      kind == .connectionRefused
      ? "\(requests) to \(to) were refused: nothing listens there."
      : "\(requests) to \(to) got no connection: no answer came in time."
    details.numbers = [.init("unseen_by_proxies", unseen)]
    if unseen > 0, kind == .connectTimeout {
      details.evidence = [
        "Nothing of \(Quantity.grouped(Int64(unseen))) of them reached a proxy whose log covers that time: they were dropped on the way (security group, firewall, EIP)."
      ]
    }
  }

  /// Where failures come in bursts, when.
  private func bursts() -> [String] {
    guard let first = group.places.first, let last = group.places.last else { return [] }
    let (from, to) = (lines.lines[first].start, lines.lines[last].start)
    return ["All between \(Instant.text(from, digits: 0)) and \(Instant.text(to, digits: 0))."]
  }
}
