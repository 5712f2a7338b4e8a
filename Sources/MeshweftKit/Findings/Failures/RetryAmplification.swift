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
