internal import AccessLog
internal import Correlation
internal import Queries
internal import TraceStore

/// What is missing or odd about the logs themselves.
enum LogFindings {
  static func find(_ context: FindingContext, _ reader: StoreReader) throws -> [Finding] {
    if context.lines.lines.isEmpty { return [empty] }
    return LogMissing.find(context) + OpenConnections.find(context) + Identities.find(context)
      + SilentSources.find(context) + (try Clocks.find(reader, context)) + FieldsMissing.find(context)
  }

  private static var empty: Finding {
    var finding = Finding(
      kind: .emptyStore, severity: .warning, from: 0, to: 0,
      sentence: "There is no line in the database, or none of the time that was asked for.")
    finding.evidence = ["`meshweft sources` lists what there is."]
    finding.remedies = [.init("Ingest logs: `meshweft ingest logs/`.")]
    return finding
  }
}

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
    for attempt in spread.all.attempts where connections.contains(attempt.connection) {
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
    guard spread.all.hasServers || spread.all.hasProxies || spread.all.isDirect, !spread.all.isAmbient
    else { return [] }
    let known = Set(spread.all.hosts.map(\.address))
    let answered = spread.all.hosts.filter { $0.source < 0 && $0.requests >= requests }.map { host in
      server(
        spread, host.address, host.meshCluster,
        "answered \(Quantity.counted(Int64(host.requests), "request"))", [.init("requests", host.requests)])
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

/// Logs of which no pod is known, and addresses that two pods have at once.
enum Identities {
  static func find(_ context: FindingContext) -> [Finding] {
    let nameless = context.lines.sources.filter { !$0.hasIdentity }
    var findings: [Finding] = nameless.isEmpty ? [] : [identity(nameless, context)]
    for spread in context.services { findings += conflicts(spread) }
    return findings
  }

  private static func identity(_ sources: [FindingSource], _ context: FindingContext) -> Finding {
    let names = sources.prefix(3).map { Shown.text($0.name, limit: 80) }.joined(separator: ", ")
    var finding = Finding(
      kind: .identityMissing, severity: .info, from: context.lines.lines.first?.start ?? 0,
      to: context.lines.lines.last?.start ?? 0,
      sentence:
        "Of \(Quantity.counted(Int64(sources.count), "log")) no pod is known: \(names)\(sources.count > 3 ? " …" : "")."
    )
    finding.subject.source = sources.count == 1 ? sources[0].name : nil
    finding.numbers = [.init("sources", sources.count)]
    finding.evidence = ["`meshweft sources` shows whose each log is."]
    finding.remedies = [
      .init(
        "Name files CLUSTER.NAMESPACE.POD.CONTAINER.log, or give --mesh-cluster, --namespace and --pod to `ingest`."
      )
    ]
    return finding
  }

  /// From when to when a pod served at an address.
  private struct Life {
    var host: Int32
    var pod: String
    var meshCluster: String
    var first: Int64
    var last: Int64
  }

  /// One address in the logs of two pods at the same time, which no two mesh clusters explain.
  private static func conflicts(_ spread: SpreadCase) -> [Finding] {
    var lives: [Int32: Life] = [:]
    for attempt in spread.all.attempts where attempt.serverLine >= 0 {
      let source = spread.lines.source(Int(attempt.serverLine))
      var life =
        lives[attempt.host]
        ?? Life(
          host: attempt.host, pod: source.pod, meshCluster: source.meshCluster, first: attempt.start,
          last: attempt.start)
      life.last = max(life.last, attempt.start)
      lives[attempt.host] = life
    }
    let byAddress = Dictionary(grouping: lives.values) { spread.all.hosts[Int($0.host)].address }
    return byAddress.sorted { $0.key < $1.key }.compactMap { address, pods in
      let sorted = pods.sorted { ($0.first, $0.pod, $0.meshCluster) < ($1.first, $1.pod, $1.meshCluster) }
      return clash(sorted).map { conflict(spread, address, $0, $1, pods: pods.count) }
    }
  }

  private static func clash(_ sorted: [Life]) -> (Life, Life)? {
    for (place, life) in sorted.enumerated() {
      for earlier in sorted[..<place] where life.first < earlier.last {
        let clusters = Set([life.meshCluster, earlier.meshCluster]).subtracting([""])
        if clusters.count < 2, life.pod != earlier.pod { return (earlier, life) }
      }
    }
    return nil
  }

  private static func conflict(
    _ spread: SpreadCase, _ address: String, _ one: Life, _ other: Life, pods: Int
  ) -> Finding {
    var finding = spread.finding(
      .addressConflict,
      "\(address) stands in the logs of two pods at the same time: \(one.pod) and \(other.pod).")
    finding.subject.host = address
    finding.numbers = [.init("pods", pods)]
    finding.evidence = [
      one.meshCluster.isEmpty || other.meshCluster.isEmpty
        ? "Their lines of requests overlap in time, and of which mesh cluster they are is not known of both."
        : "Their lines of requests overlap in time: logs of two mesh clusters may have the same name of a cluster."
    ]
    finding.remedies = [
      .init("Name each mesh cluster: the first part of a log's file name, or --mesh-cluster.")
    ]
    return finding
  }
}

/// Logs that end before the others: by the end of their lines, not by their starts.
enum SilentSources {
  /// Microseconds.
  private static let silence: Int64 = 60_000_000

  static func find(_ context: FindingContext) -> [Finding] {
    var last: [Int: (end: Int64, count: Int, first: Int64)] = [:]
    for line in context.lines.lines {
      let source = context.lines.sets[Int(line.set)].source
      let known = last[source] ?? (line.end, 0, line.start)
      last[source] = (max(known.end, line.end), known.count + 1, min(known.first, line.start))
    }
    guard let newest = last.values.map(\.end).max() else { return [] }
    // A log is silent beyond what its own pauses are.
    let silent = last.filter { _, log in
      let pause = newest - log.end
      let rate = Double(log.count) / Double(max(1, log.end - log.first))
      return pause > silence && log.count >= FindingLimits.lifeRequests
        && Double(pause) * rate > FindingLimits.silence
    }
    return silent.sorted { $0.key < $1.key }.map { source, log in
      let name = context.lines.sources[source]
      let seconds = Double(newest - log.end) / 1e6
      var finding = Finding(
        kind: .silentSource, severity: .info, from: log.end, to: newest,
        sentence:
          "\(Shown.text(name.pod, limit: 100)) has no line since \(Instant.text(log.end, digits: 0)), "
          + "\(Quantity.duration(seconds: seconds)) before the newest.")
      finding.subject.source = name.name
      finding.subject.pod = name.hasIdentity ? name.pod : nil
      finding.subject.meshCluster = name.meshCluster.isEmpty ? nil : name.meshCluster
      finding.numbers = [.init("silent_s", seconds, digits: 0)]
      finding.evidence = [
        "It had \(Quantity.counted(Int64(log.count), "line")) before, so that chance would hardly ever leave such a gap."
      ]
      finding.remedies = [
        .init(
          "If the pod is still there, ingest its log again; if it was scaled in or replaced, nothing is missing."
        )
      ]
      return finding
    }
  }
}

/// Mesh clusters whose clocks are apart.
enum Clocks {
  /// Microseconds.
  private static let limit = 50_000.0

  static func find(_ reader: StoreReader, _ context: FindingContext) throws -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    try reader.run(.clocks) { row in
      let (from, to) = (row.text(0) ?? "", row.text(1) ?? "")
      let (offset, uncertainty) = (row.double(3) ?? 0, row.double(5) ?? 0)
      guard abs(offset) > max(limit, 3 * uncertainty), seen.insert("\(from) \(to)").inserted else { return }
      var finding = Finding(
        kind: .clockSkew, severity: .info, from: row.integer(2) ?? 0, to: row.integer(2) ?? 0,
        sentence:
          "\(Shown.text(to, limit: 60))'s clock is \(Decimals.text(abs(offset) / 1000, digits: 0)) ms "
          + "\(offset > 0 ? "ahead of" : "behind") \(Shown.text(from, limit: 60))'s.")
      finding.subject.meshCluster = to
      finding.numbers = [
        .init("offset_ms", offset / 1000, digits: 0), .init("uncertainty_ms", uncertainty / 1000, digits: 0),
      ]
      finding.evidence = ["`meshweft clocks` shows it over time; meshweft allows for it."]
      finding.remedies = [.init("Check NTP on the nodes.")]
      findings.append(finding)
    }
    return findings
  }
}

/// Fields that no line of a role has, counted over lines that could have them.
enum FieldsMissing {
  private struct Need: Sendable {
    var role: Role
    var field: String
    var could: @Sendable (FindingAttributes) -> Bool
    var has: @Sendable (FindingLine, FindingAttributes) -> Bool
    var use: String
  }

  /// A connection that never came about has no local address; one that was refused has no upstream.
  private static let needs: [Need] = [
    Need(
      role: .client, field: "upstream_local_address", could: { $0.reached },
      has: { line, _ in line.upstreamLocal != 0 }, use: "which connection carried a request"),
    Need(
      role: .client, field: "upstream_host", could: { $0.reached },
      has: { _, set in set.upstreamHost != nil }, use: "where a request was sent"),
    Need(
      role: .server, field: "downstream_remote_address", could: { _ in true },
      has: { line, _ in line.downstreamRemote != 0 },
      use: "which of the proxy's connections a request came over"),
    Need(
      role: .proxy, field: "upstream_local_address", could: { $0.upstreamHost != nil && $0.flags.isEmpty },
      has: { line, _ in line.upstreamLocal != 0 }, use: "which server connection is a proxy's"),
    Need(
      role: .server, field: "requested_server_name", could: { _ in true },
      has: { _, set in set.serverName != nil || set.service != nil }, use: "the service that was called"),
  ]

  static func find(_ context: FindingContext) -> [Finding] {
    needs.compactMap { need in
      var (could, has) = ([Int: Int](), [Int: Int]())
      for line in context.lines.lines {
        let set = context.lines.sets[Int(line.set)]
        guard set.role == need.role, need.could(set) else { continue }
        could[set.source, default: 0] += 1
        if need.has(line, set) { has[set.source, default: 0] += 1 }
      }
      let lacking = could.filter { $0.value >= 5 && has[$0.key] == nil }.keys.sorted()
      guard let first = lacking.first else { return nil }
      let lines = lacking.reduce(0) { $0 + (could[$1] ?? 0) }
      var finding = Finding(
        kind: .fieldMissing, severity: .info, from: context.lines.lines.first?.start ?? 0,
        to: context.lines.lines.last?.start ?? 0,
        sentence:
          "No line of \(Quantity.counted(Int64(lacking.count), "\(need.role.name) log")) has \(need.field), which tells \(need.use)."
      )
      finding.subject.role = need.role.name
      finding.subject.source = lacking.count == 1 ? context.lines.sources[first].name : nil
      finding.numbers = [.init("sources", lacking.count), .init("lines", lines)]
      finding.evidence = [
        "\(Quantity.counted(Int64(lines), "line")) could have it; `meshweft doctor` has the log format."
      ]
      finding.remedies = [.init("Add it to the log format; it costs some bytes per line.")]
      return finding
    }
  }
}

extension FindingAttributes {
  /// A response came from somewhere: a host and a connection must have been there.
  fileprivate var reached: Bool { code > 0 && flags.isEmpty }
}
