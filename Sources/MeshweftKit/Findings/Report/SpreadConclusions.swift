internal import TraceStore

/// What `imbalance` says beyond its sums: a service whose sums are uneven is looked at line by line.
struct SpreadConclusions {
  private(set) var byService: [String: SpreadVerdict] = [:]
  /// Sentences for standard error.
  private(set) var notes: [String] = []

  /// `sums` are what rollups say of each service. Where nothing in them is uneven, no line is read.
  init(
    _ reader: StoreReader, _ sums: [String: ServiceSums], _ window: LegTable.Window, _ endpoints: [Endpoint]?,
    _ known: KnownEndpoints
  ) throws {
    let uneven = sums.filter { service, sums in
      var spread = ServiceSpread(service, sums)
      _ = spread.add(idle: known)
      return endpoints != nil || SpreadConclusions.mayBeUneven(spread)
    }
    guard !uneven.isEmpty, endpoints == nil || sums.count == 1 else { return }
    let lines = try FindingLines(reader, since: window.since, until: window.until)
    let context = try FindingContext(
      lines, service: sums.count == 1 ? sums.keys.first : nil, endpoints: endpoints, known)
    for spread in context.services where uneven[spread.service] != nil {
      byService[spread.service] = SpreadVerdict(spread)
    }
    notes = FindingsReport.notes(lines)
  }

  /// Whether sums leave room for anything but "balanced" or "too few to tell".
  private static func mayBeUneven(_ spread: ServiceSpread) -> Bool {
    let requests = spread.requests
    let mean = requests.total / Double(max(1, requests.hosts))
    // Hosts that were there for less than half of the time may have had more, or less, than was theirs.
    let first = spread.hosts.values.map(\.firstStart).min() ?? 0
    let last = spread.hosts.values.map(\.lastStart).max() ?? first
    let isBrief = spread.hosts.values.contains {
      (Double($0.lastStart) - Double($0.firstStart)) * 2 < Double(last) - Double(first)
    }
    return isBrief || requests.isUneven || spread.busy.isUneven || spread.bytes.isUneven
      || spread.hosts.values.contains { Double($0.requests) <= FindingLimits.starved * mean }
  }
}
