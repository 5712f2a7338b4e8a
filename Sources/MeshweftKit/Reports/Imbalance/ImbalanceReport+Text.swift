extension ImbalanceReport.Content {
  /// Renders the report service by service, so that no form of the whole has to be held. Rethrows what `output` throws.
  func render(as form: OutputForm, ink: Ink, _ output: ([UInt8]) throws -> Void) rethrows {
    switch form {
    case .table, .wide:
      for (number, service) in services.enumerated() {
        let text = service.text(wide: form == .wide, ink)
        try output(Array((number == 0 ? text : "\n" + text).utf8))
      }
    case .json: try renderJSON(output)
    case .ndjson:
      for service in services {
        var writer = JSONWriter()
        service.write(to: &writer)
        writer.newline()
        try output(writer.bytes)
      }
    case .csv:
      let own = ["share_of_requests", "verdict", "cause"].map { Report.Column(key: $0, header: "") }
      var stream = ReportStream(
        schema: "", rowsKey: "",
        columns: [.init(key: "service", header: "")] + ServiceImbalance.columns + own, form: .csv)
      try output(stream.render([]))
      for service in services { try output(stream.render(service.csvRows)) }
    }
  }

  private func renderJSON(_ output: ([UInt8]) throws -> Void) rethrows {
    try output(Array("{\"schema\":\"meshweft.imbalance/1\",\"services\":[".utf8))
    for (number, service) in services.enumerated() {
      var writer = JSONWriter()
      service.write(to: &writer)
      try output((number == 0 ? [] : [UInt8(ascii: ",")]) + writer.bytes)
    }
    try output(Array("]}\n".utf8))
  }
}

extension ServiceImbalance {
  static let columns: [Report.Column] = [
    .init(key: "host", header: "HOST"), .init(key: "mesh_cluster", header: "MESH CLUSTER", dropOrder: 1),
    .init(key: "pod", header: "POD"),
    .init(key: "connections", header: "CONNECTIONS", alignsRight: true, dropOrder: 3),
    .init(key: "requests", header: "REQUESTS", alignsRight: true),
    .init(key: "share", header: "SHARE", alignsRight: true, audience: .people),
    .init(key: "busy_ms", header: "BUSY MS", alignsRight: true, dropOrder: 2),
    .init(key: "bytes", header: "BYTES", isWide: true, alignsRight: true),
    .init(key: "failures", header: "FAILURES", alignsRight: true),
  ]

  var rows: [[Report.Value]] {
    spread.sortedHosts.map { host in
      let share = spread.requests.total > 0 ? Double(host.requests) / spread.requests.total : 0
      return [
        .text(host.host), host.meshCluster.isEmpty ? .missing : .text(host.meshCluster),
        host.pod.isEmpty ? .missing : .text(host.pod), .integer(Int64(host.connections)),
        .integer(spread.isTCP ? 0 : host.requests), .text(Decimals.percent(share)),
        .decimal(Double(host.busy) / 1000, digits: 0), .integer(host.bytes), .integer(host.failures),
      ]
    }
  }
}

extension ServiceImbalance {
  /// The hosts with their service, their share of its requests, and what is concluded.
  fileprivate var csvRows: [[Report.Value]] {
    let total = max(1, spread.requests.total)
    return zip(rows, spread.sortedHosts).map { row, host in
      [.text(spread.service)] + row + [
        .decimal(Double(host.requests) / total, digits: 4), .text(verdict.rawValue), .text(cause.rawValue),
      ]
    }
  }
}

// JSON, as in the interfaces.
extension ServiceImbalance {
  /// With so many hosts at most, the busiest.
  func write(to writer: inout JSONWriter, hosts limit: Int = .max) {
    writer.object { writer in
      writer.member("service", spread.service)
      writer.key("hosts")
      writer.array(Array(zip(rows, spread.sortedHosts).prefix(limit))) { writer, entry in
        writer.object { writer in
          for (column, value) in zip(ServiceImbalance.columns, entry.0) where column.audience != .people {
            writer.key(column.key)
            value.write(to: &writer)
          }
          let life = life(of: entry.1)
          writer.member("from", life.map { Instant.text($0.lowerBound) })
          writer.member("to", life.map { Instant.text($0.upperBound) })
        }
      }
      writer.member("protocol", spread.isTCP ? "tcp" : "http")
      writer.key("requests")
      (spread.isTCP ? ImbalanceMetrics([], choices: nil) : spread.requests).write(to: &writer, digits: 0)
      writer.key("connections")
      spread.connections.write(to: &writer, digits: 0)
      writer.key("busy_ms")
      spread.busy.write(to: &writer, digits: 3)
      writer.key("bytes")
      spread.bytes.write(to: &writer, digits: 0)
      writer.member("verdict", verdict.rawValue)
      writer.member("cause", cause.rawValue)
      writeDetails(to: &writer)
    }
  }

  /// From when to when a host was a member; nil for one that served nothing.
  private func life(of host: ServiceSpread.Host) -> ClosedRange<Int64>? {
    if host.isIdle { return nil }
    return conclusion?.life(of: host)
      ?? (host.firstStart <= host.lastStart ? host.firstStart...host.lastStart : nil)
  }

  /// But for what this report is itself.
  private var evidence: [String] {
    (conclusion?.cause?.evidence ?? []).filter { !$0.hasPrefix("`meshweft imbalance ") }
  }

  /// The cause in a sentence.
  private var why: String { conclusion?.cause?.sentence ?? cause.sentence(spread) }

  private var remedies: [Finding.Remedy] {
    conclusion?.cause?.remedies ?? cause.remedies.map { Finding.Remedy($0) }
  }

  private func writeDetails(to writer: inout JSONWriter) {
    writer.member("cause_text", why)
    writer.key("drivers")
    writer.array(drivers) { writer, driver in
      writer.object { writer in
        writer.member("client_pod", driver.client.isEmpty ? nil : driver.client)
        writer.member("connections", driver.connections)
        writer.member("requests", driver.requests)
        writer.member("share", Double(driver.requests) / max(1, spread.requests.total), digits: 4)
        writer.member("host", spread.hosts[driver.host]?.host ?? driver.host)
      }
    }
    writer.member("remedies", remedies.map(\.text))
    writer.member("manifests", remedies.compactMap(\.yaml))
    writer.member("evidence", evidence)
    writer.member("caveats", caveats)
    writer.member("unplaced_requests", spread.unplaced)
    writer.key("worst_minute")
    guard let worst = spread.worstMinute else { return writer.null() }
    writer.object { writer in
      writer.member("start_time", Instant.text(worst.minute))
      writer.member("requests", worst.metrics.total, digits: 0)
      writer.member("max_over_mean", worst.metrics.maxOverMean, digits: 4)
    }
  }
}

extension ImbalanceMetrics {
  func write(to writer: inout JSONWriter, digits: Int) {
    writer.object { writer in
      writer.member("total", total, digits: digits)
      writer.member("max_over_mean", maxOverMean, digits: 4)
      writer.member("effective_hosts", effectiveHosts, digits: 4)
      writer.member("top_share", topShare, digits: 4)
      writer.member("cv", cv, digits: 4)
      writer.member("gini", gini, digits: 4)
      writer.member("jain", jain, digits: 4)
      writer.member("noise_cv", noiseCV, digits: 4)
    }
  }
}

// A page for people: the headline, the hosts, why, who, and what to do.
extension ServiceImbalance {
  func text(wide: Bool, _ ink: Ink) -> String {
    var report = Report(schema: "", rowsKey: "", columns: ServiceImbalance.columns)
    report.rows = rows
    let table = String(decoding: report.rendered(as: wide ? .wide : .table, ink: ink), as: UTF8.self)
    let colour: Ink.Colour = verdict == .imbalanced ? .red : verdict == .balanced ? .green : .dim
    return ink.paint(headline, colour) + "\n" + table + sentences(wide: wide).map { $0 + "\n" }.joined()
  }

  private var headline: String {
    let requests = spread.requests
    let ratio = Decimals.text(requests.maxOverMean, digits: 2)
    let effective = Decimals.text(requests.effectiveHosts, digits: 1)
    let name = Shown.text(spread.service, limit: 200)
    let acts = "max/mean \(ratio), acts like \(effective) of \(requests.hosts) hosts"
    switch verdict {
    case .imbalanced: return "\(name): IMBALANCED, \(acts)"
    case .balanced:
      guard let shares = conclusion?.shares, shares.livesDiffer else { return "\(name): balanced, \(acts)" }
      return
        "\(name): balanced while each host was there, the busiest got \(Decimals.text(shares.most, digits: 2)) of its share (over the whole time \(acts))"
    case .unevenWork:
      return
        "\(name): UNEVEN WORK, \(spread.isTCP ? "connections" : "requests") are even, what they cost is not"
    case .unknown: return "\(name): unknown, no server's or proxy's log tells which hosts got them"
    case .tooFew:
      return
        "\(name): too few to tell (\(Quantity.grouped(Int64(requests.total))) \(spread.isTCP ? "connections" : "requests") over \(requests.hosts) "
        + "\(requests.hosts == 1 ? "host" : "hosts"))"
    }
  }

  private func sentences(wide: Bool) -> [String] {
    var lines: [String] = []
    if verdict == .imbalanced || verdict == .unevenWork {
      let name = conclusion == nil ? "" : " (\(cause.rawValue))"
      lines.append("Why\(name): " + Shown.text(why))
      lines += evidence.map { "Evidence: " + Shown.text($0) }
    }
    if let worst = spread.worstMinute {
      lines.append(
        "Worst minute: \(Instant.text(worst.minute, digits: 0)), max/mean "
          + "\(Decimals.text(worst.metrics.maxOverMean, digits: 2)) of \(Quantity.grouped(Int64(worst.metrics.total))) \(spread.isTCP ? "connections" : "requests")"
      )
    }
    if !drivers.isEmpty { lines.append("Who:") }
    for driver in drivers.prefix(ServiceImbalance.shownDrivers) {
      let share = Decimals.percent(Double(driver.requests) / max(1, spread.requests.total))
      let client = driver.client.isEmpty ? "an unknown client" : Shown.text(driver.client, limit: 100)
      lines.append(
        "  \(client): \(Quantity.grouped(driver.requests)) \(spread.isTCP ? "of them" : "requests") (\(share)) over \(driver.connections) "
          + "\(driver.connections == 1 ? "connection" : "connections") to \(Shown.text(spread.name(ofHost: driver.host), limit: 100))"
      )
    }
    if !remedies.isEmpty { lines.append("What helps:") }
    for remedy in remedies {
      lines.append("  - " + Shown.text(remedy.text))
      if wide, let yaml = remedy.yaml {
        lines += yaml.split(separator: "\n", omittingEmptySubsequences: false).map {
          "      " + Shown.text(String($0))
        }
      }
    }
    return lines + caveats.map { "Note: " + $0 }
  }

  private static let shownDrivers = 5
}
