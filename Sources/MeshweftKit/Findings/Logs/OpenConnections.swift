internal import Correlation

/// Connections that their proxy has not logged yet.
enum OpenConnections {
  static func find(_ context: FindingContext) -> [Finding] {
    context.services.compactMap { spread in
      let open = spread.all.attempts.count { attempt in
        let place = Int(attempt.clientLine >= 0 ? attempt.clientLine : attempt.serverLine)
        return context.lines.lines[place].status == .notLoggedYet
      }
      guard open >= 5 else { return nil }
      var finding = spread.finding(
        .connectionsOpen,
        "\(Quantity.counted(Int64(open), "request")) to \(Shown.text(spread.service, limit: 200)) came over connections that "
          + "their proxy has not logged yet.", severity: .info)
      finding.subject.role = "proxy"
      finding.numbers = [.init("requests", open)]
      finding.evidence = ["A proxy logs a connection when it closes."]
      finding.remedies = [
        .init(
          "Ingest the proxies' logs again later, or let proxies write a line while a connection is open (access_log_flush_interval); that costs a line per connection and interval."
        )
      ]
      return finding
    }
  }
}
