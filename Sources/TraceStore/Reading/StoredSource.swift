package import AccessLog
internal import Queries

/// What a store holds of one log.
package struct StoredSource: Sendable, Equatable {
  package var name: String
  package var origin: Origin<String>
  package var workload: String
  package var hops: Int
  /// Microseconds since the epoch; nil without hops.
  package var firstStartMicroseconds: Int64?
  package var lastStartMicroseconds: Int64?
  /// Hops by role, in the order client, server, proxy, gateway, unknown; roles without hops are left out.
  package var roles: [(role: String, hops: Int)]
  /// Stretches in which none of its hops was running, longest first.
  package var silences: [Silence]

  package struct Silence: Sendable, Equatable {
    package var fromMicroseconds: Int64
    package var durationMicroseconds: Int64
  }

  package static func == (left: StoredSource, right: StoredSource) -> Bool {
    left.name == right.name && left.hops == right.hops && left.silences == right.silences
      && left.roles.elementsEqual(right.roles) { $0 == $1 }
  }
}

/// The longest silences of one log, whose hops come in the order of their starts.
private struct SilenceFinder {
  private(set) var longest: [StoredSource.Silence] = []
  private var quietFrom: Int64?

  mutating func add(start: Int64, end: Int64) {
    defer { quietFrom = max(quietFrom ?? end, end) }
    guard let quietFrom, start > quietFrom else { return }
    let silence = start.subtractingReportingOverflow(quietFrom)
    guard !silence.overflow, silence.partialValue >= SilenceLimits.minimumMicroseconds else { return }
    let place = longest.firstIndex { $0.durationMicroseconds < silence.partialValue } ?? longest.count
    longest.insert(.init(fromMicroseconds: quietFrom, durationMicroseconds: silence.partialValue), at: place)
    if longest.count > SilenceLimits.perSource { longest.removeLast() }
  }
}

extension StoreReader {
  /// Every log, by mesh cluster, namespace, pod, container and name. Reads every hop.
  package func sources(matching glob: String? = nil) throws -> [StoredSource] {
    try snapshot {
      var silences: [Int64: SilenceFinder] = [:]
      try run(.sourceTimes, ["source": SQLValue(glob)]) { row in
        var columns = RowCursor(row)
        let (source, start) = (columns.integer("source"), columns.integer("start_us"))
        guard let source, let start, let end = columns.integer("end_us") else { return }
        silences[source, default: SilenceFinder()].add(start: start, end: end)
      }
      var sources: [StoredSource] = []
      try run(.sources, ["source": SQLValue(glob)]) { row in
        var columns = RowCursor(row)
        let id = columns.integer("id") ?? 0
        sources.append(StoredSource(&columns, silences: silences[id]?.longest ?? []))
      }
      return sources
    }
  }

  /// The newest start that is not a wrong clock's: where the logs end, for `--since 10m`.
  ///
  /// Among the newest 1000 hops, split where nothing started for a day, the newest stretch of at least 10 hops;
  /// where there is none, the largest stretch. Microseconds since the epoch; nil without hops.
  package func newestStart() throws -> Int64? {
    var stretches: [(newest: Int64, oldest: Int64, hops: Int)] = []
    try run(.newestStarts, ["limit": .integer(NewestLimits.hops)]) { row in
      let start = row.integer(0) ?? 0
      if let last = stretches.last, last.oldest &- start <= NewestLimits.silenceMicroseconds {
        stretches[stretches.count - 1].oldest = min(start, last.oldest)
        stretches[stretches.count - 1].newest = max(start, last.newest)
        stretches[stretches.count - 1].hops += 1
      } else {
        stretches.append((start, start, 1))
      }
    }
    let largest = stretches.map(\.hops).max() ?? 0
    return stretches.first { $0.hops >= min(NewestLimits.stretchHops, largest) }?.newest
  }
}

private enum NewestLimits {
  static let hops: Int64 = 1000
  static let silenceMicroseconds: Int64 = 86_400_000_000
  static let stretchHops = 10
}

extension StoredSource {
  /// From a row of sources.sql, behind its id.
  fileprivate init(_ columns: inout RowCursor, silences: [Silence]) {
    name = columns.text("source") ?? ""
    origin = Origin(
      meshCluster: columns.text("mesh_cluster") ?? "", namespace: columns.text("namespace") ?? "",
      pod: columns.text("pod") ?? "", container: columns.text("container") ?? "")
    workload = columns.text("workload") ?? ""
    hops = Int(columns.integer("hops") ?? 0)
    firstStartMicroseconds = columns.integer("first_start_us")
    lastStartMicroseconds = columns.integer("last_start_us")
    roles = []
    for role in ["client", "server", "proxy", "gateway", "unknown"] {
      let hops = Int(columns.integer(role + "_hops") ?? 0)
      if hops > 0 { roles.append((role, hops)) }
    }
    self.silences = silences
  }
}
