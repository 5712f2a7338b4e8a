internal import AccessLog

/// Logs that end before the others though their pods went on: by the end of their lines, not by their starts.
///
/// A log that ends may be a pod that ended. What others logged decides where they could have seen it: requests to its
/// address, requests that no caller's log has, connections that no proxy has logged. Where nobody could, only Jobs and pods
/// in whose place others came are left out.
enum SilentSources {
  /// Microseconds.
  private static let silence: Int64 = 60_000_000
  /// How many times the longest pause that it ever made.
  private static let beyondPauses: Int64 = 2

  private struct Log {
    /// Microseconds since the epoch.
    var first: Int64
    var end: Int64
    var count = 0
    /// Microseconds between the end of one line and the start of the next.
    var longestPause: Int64 = 0
  }

  static func find(_ context: FindingContext) -> [Finding] {
    let logs = logs(context.lines)
    guard let newest = newest(context.lines) else { return [] }
    // A log is silent beyond what its own pauses are.
    let silent = logs.filter { _, log in
      let pause = newest - log.end
      let rate = Double(log.count) / Double(max(1, log.end - log.first))
      return pause > silence && log.count >= FindingLimits.lifeRequests
        && pause > beyondPauses * log.longestPause && Double(pause) * rate > FindingLimits.silence
    }
    guard !silent.isEmpty else { return [] }
    let gone = gone(logs, context.lines, newest)
    let sights = LogSights(context.services, ends: silent.mapValues(\.end), allEnds: logs.mapValues(\.end))
    let cut = silent.compactMap { source, log -> Cut? in
      switch sights.sight(of: source) {
      case .ended: nil
      case .unknown: gone.contains(source) ? nil : Cut(source: context.lines.sources[source], log: log)
      case .goesOn(let count): Cut(source: context.lines.sources[source], log: log, unlogged: count)
      }
    }
    return groups(cut).map { finding($0, newest) }
  }

  /// A log that ended before its pod, as far as is known.
  private struct Cut {
    var source: FindingSource
    var log: Log
    /// Requests that others logged since and that it should have lines of; 0 where nobody could tell.
    var unlogged = 0
  }

  /// Logs of one mesh cluster that end at about the same time are one finding: they were fetched together.
  private static func groups(_ cut: [Cut]) -> [[Cut]] {
    let sorted = cut.sorted { left, right in
      let (one, other) = (left.source.meshCluster, right.source.meshCluster)
      if one != other { return one < other }
      if (left.unlogged > 0) != (right.unlogged > 0) { return left.unlogged > 0 }
      return (left.log.end, left.source.name) < (right.log.end, right.source.name)
    }
    var groups: [[Cut]] = []
    for next in sorted {
      if let last = groups.last?.last, last.source.meshCluster == next.source.meshCluster,
        (last.unlogged > 0) == (next.unlogged > 0), next.log.end - last.log.end <= silence
      {
        groups[groups.count - 1].append(next)
      } else {
        groups.append([next])
      }
    }
    return groups
  }

  private static func logs(_ lines: FindingLines) -> [Int: Log] {
    var logs: [Int: Log] = [:]
    for line in lines.lines {
      let source = lines.sets[Int(line.set)].source
      var log = logs[source] ?? Log(first: line.start, end: line.end)
      log.longestPause = max(log.longestPause, line.start - log.end)
      log.first = min(log.first, line.start)
      log.end = max(log.end, line.end)
      log.count += 1
      logs[source] = log
    }
    return logs
  }

  /// When the last request ended, microseconds since the epoch: a proxy's connection may close long after it.
  private static func newest(_ lines: FindingLines) -> Int64? {
    var (last, lastOfProxies): (Int64?, Int64?)
    for line in lines.lines {
      if lines.sets[Int(line.set)].role == .proxy {
        lastOfProxies = max(lastOfProxies ?? line.end, line.end)
      } else {
        last = max(last ?? line.end, line.end)
      }
    }
    return last ?? lastOfProxies
  }

  /// Sources whose pods ended, by their names and those of others.
  private static func gone(_ logs: [Int: Log], _ lines: FindingLines, _ newest: Int64) -> Set<Int> {
    let all = logs.sorted { $0.key < $1.key }
    let ends = PodEnds(
      all.map { source, log in
        let name = lines.sources[source]
        return PodEnds.Log(
          meshCluster: name.meshCluster, namespace: name.namespace, workload: name.workload, pod: name.pod,
          first: log.first, last: log.end)
      }, newest: newest, silence: silence)
    return Set(zip(all, ends.ended).filter(\.1).map(\.0.key))
  }

  private static let named = 3

  private static func finding(_ group: [Cut], _ newest: Int64) -> Finding {
    let end = group.map(\.log.end).max() ?? newest
    let seconds = Double(newest - end) / 1e6
    let names = group.prefix(named).map { Shown.text($0.source.pod, limit: 100) }.joined(separator: ", ")
    let more = group.count - named
    var finding = Finding(
      kind: .silentSource, severity: .info, from: group.map(\.log.end).min() ?? end, to: newest,
      sentence:
        "\(names)\(more > 0 ? " and \(more) more" : "") \(group.count == 1 ? "has" : "have") no line since "
        + "\(Instant.text(end, digits: 0)), \(Quantity.duration(seconds: seconds)) before the newest.")
    let first = group[0].source
    finding.subject.source = group.count == 1 ? first.name : nil
    finding.subject.pod = group.count == 1 && first.hasIdentity ? first.pod : nil
    finding.subject.meshCluster = first.meshCluster.isEmpty ? nil : first.meshCluster
    let lines = group.reduce(0) { $0 + $1.log.count }
    finding.numbers = [
      .init("silent_s", seconds, digits: 0), .init("sources", group.count), .init("lines", lines),
    ]
    finding.evidence = [
      "\(group.count == 1 ? "It" : "They") had \(Quantity.counted(Int64(lines), "line")) before, so that chance would hardly ever leave such a gap."
    ]
    // What several callers did not log may be the same requests.
    let unlogged = group.map(\.unlogged).max() ?? 0
    if unlogged > 0 {
      finding.severity = .warning
      finding.numbers.append(.init("unlogged", unlogged))
      finding.evidence.append(
        "Others logged \(Quantity.counted(Int64(unlogged), "request")) since then of which \(group.count == 1 ? "it" : "one of them") should have lines."
      )
      finding.remedies = [
        .init(
          "\(group.count == 1 ? "Its log was" : "Their logs were") cut short: ingest \(group.count == 1 ? "it" : "them") again, with the files that were rotated away."
        )
      ]
    } else {
      finding.confidence = 0.6
      finding.evidence.append(
        "No other log tells whether \(group.count == 1 ? "the pod" : "the pods") went on.")
      finding.remedies = [
        .init(
          "If \(group.count == 1 ? "the pod is" : "the pods are") still there, ingest \(group.count == 1 ? "its log" : "their logs") again; if \(group.count == 1 ? "it was" : "they were") scaled in or replaced, nothing is missing."
        )
      ]
    }
    return finding
  }
}
