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
