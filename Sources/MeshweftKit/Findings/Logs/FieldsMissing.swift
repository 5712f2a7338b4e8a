internal import AccessLog

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
        guard set.role == need.role, !set.isTunnel, need.could(set) else { continue }
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
