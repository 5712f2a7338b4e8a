/// Requests are tried again, and hosts get several attempts for each.
///
/// Attempts are counted twice: by the servers' lines of a request, and by what the caller's own line says
/// (upstream_request_attempt_count). The larger count holds: attempts that no host took have no server's line, and not every
/// log has the count.
enum RetryAmplification {
  private static let ratio = 1.1
  private static let extra = 20
  /// Envoy would hardly ever be told to try more often: what a forged line says counts for so much at most.
  private static let attempts = 100

  private struct Count {
    var requests = 0
    var attempts = 0
    /// Attempts that only callers' counts tell of.
    var unseen = 0
    /// Microseconds since the epoch.
    var first = Int64.max
    var last = Int64.min
  }

  static func find(_ context: FindingContext) -> [Finding] {
    var counts: [String: Count] = [:]
    for (place, line) in context.lines.lines.enumerated() {
      let set = context.lines.sets[Int(line.set)]
      guard set.isCaller, !set.isTunnel, let service = set.service else { continue }
      let answers = context.table.answers[Int32(place)]?.count ?? 0
      let told = min(set.attemptCount ?? 0, attempts)
      guard max(answers, told) > 0 else { continue }
      var count = counts[service] ?? Count()
      count.requests += 1
      count.attempts += max(answers, told)
      count.unseen += max(0, told - answers)
      (count.first, count.last) = (min(count.first, line.start), max(count.last, line.end))
      counts[service] = count
    }
    return counts.sorted { $0.key < $1.key }.compactMap { finding($0.key, $0.value) }
  }

  private static func finding(_ service: String, _ count: Count) -> Finding? {
    let ratio = Double(count.attempts) / Double(count.requests)
    guard ratio >= RetryAmplification.ratio, count.attempts - count.requests >= extra else { return nil }
    let who = count.unseen > 0 ? "Callers of" : "Hosts of"
    var finding = Finding(
      kind: .retryAmplification, severity: ratio >= 1.5 ? .warning : .info, from: count.first, to: count.last,
      sentence:
        "\(who) \(Shown.text(service, limit: 200)) \(count.unseen > 0 ? "made" : "got") "
        + "\(Quantity.counted(Int64(count.attempts), "attempt")) for \(Quantity.counted(Int64(count.requests), "request")): "
        + "retries multiply the load by \(Decimals.text(ratio, digits: 2)).")
    finding.subject.service = service
    finding.numbers = [
      .init("requests", count.requests), .init("attempts", count.attempts),
      .init("attempts_per_request", ratio, digits: 2), .init("attempts_without_server_line", count.unseen),
    ]
    finding.evidence = [
      count.unseen == 0
        ? "Each attempt is a server's line with the request's id; `meshweft traces --service \(service)` shows them below one request."
        : "Callers' lines count them (upstream_request_attempt_count); \(Quantity.grouped(Int64(count.unseen))) have no server's line."
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
