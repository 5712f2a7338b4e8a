internal import TraceStore

/// The rows of `load` in the making: one bucket at a time, since a week of minutes and hosts has too many histograms
/// to hold.
struct LoadRows {
  private let grouping: LoadOptions.Grouping
  /// Microseconds.
  private let width: Int64
  private var coverage: LogCoverage
  /// By service and name; what the rows of a bucket are about.
  private let series: [Series]
  /// By `Group.index`: a place in `series`, -1 for none.
  private let places: [Int]
  private var peaks: [PeakKey: Int64] = [:]
  private var bucket = Int64.min
  /// By place in `series`; of the bucket at hand.
  private var sums: [Sum?]
  /// Those of `sums` that are there.
  private var used: [Int] = []
  /// How often connections came, and by place in `series` when they came to it last.
  private var calls = 0
  private var lastCalls: [Int]
  /// Empty ones of buckets that are done: their room is used again.
  private var unused: [DurationSum] = []
  private var rows: [[Report.Value]] = []

  private struct Series: Hashable, Comparable {
    var service: String
    /// Of the host, pod or proxy; empty for a service, and where a request was sent nowhere.
    var name: String
    /// The name as it is shown: that of a host without what tells hosts of one address apart.
    var shown: String

    static func < (left: Series, right: Series) -> Bool {
      (left.service, left.name) < (right.service, right.name)
    }
  }

  /// What peaks are stored under.
  private struct PeakName: Hashable {
    var service: String
    var name: String
    var hostSource: Int64
  }

  private struct PeakKey: Hashable {
    var bucket: Int64
    var place: Int
  }

  /// What a series got in a bucket.
  fileprivate struct Sum {
    var meshCluster = LoadMeshCluster()
    var requests: Int64 = 0
    /// Microseconds.
    var busy: Int64 = 0
    var bytesSent: Int64 = 0
    var bytesReceived: Int64 = 0
    var failures: Int64 = 0
    var connections = ConnectionKeys()
    /// Of a span, which are not among the others.
    var countedConnections = 0
    var times = DurationSum()
  }

  init(_ table: LegTable, _ grouping: LoadOptions.Grouping, _ width: Int64, _ coverage: LogCoverage) {
    self.grouping = grouping
    self.width = width
    self.coverage = coverage
    let all = table.groupList.map { group in
      LoadRows.name(group, grouping).map { name in
        Series(service: group.service, name: name, shown: grouping == .host ? group.host ?? "" : name)
      }
    }
    let sorted = Set(all.compactMap { $0 }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($0.element, $0.offset) })
    series = sorted
    places = all.map { $0.flatMap { numbers[$0] } ?? -1 }
    sums = [Sum?](repeating: nil, count: sorted.count)
    lastCalls = [Int](repeating: 0, count: sorted.count)
  }

  private static func name(_ group: LegTable.Group, _ grouping: LoadOptions.Grouping) -> String? {
    switch grouping {
    case .host: group.hostKey ?? ""
    case .service: ""
    case .source: group.client?.pod
    case .proxy: group.proxy?.pod
    }
  }

  /// Before the rows.
  mutating func addPeaks(_ table: LegTable) throws {
    let kind: LegPeak.Series =
      switch grouping {
      case .host: .host
      case .service: .service
      case .source: .source
      case .proxy: .proxy
      }
    var numbers: [PeakName: Int] = [:]
    for (group, place) in zip(table.groupList, places) where place >= 0 {
      let source = grouping == .host ? group.hostSource : 0
      numbers[PeakName(service: group.service, name: series[place].shown, hostSource: source)] = place
    }
    try table.forEachPeak(kind, .dividing(width)) { bucket, service, name, hostSource, inFlight in
      let name = PeakName(service: service, name: name, hostSource: hostSource)
      guard let place = numbers[name] else { return }
      let key = PeakKey(bucket: RollupSpan.start(bucket, width), place: place)
      peaks[key] = max(peaks[key] ?? 0, inFlight)
    }
  }

  /// Rows and connections come bucket by bucket.
  mutating func add(_ row: LegRow) throws {
    let place = places[row.group.index]
    guard place >= 0, row.attempts > 0 else { return }
    try begin(row.bucket)
    name(place, row.group)
    sums[place]?.add(row, byHost: grouping == .host)
  }

  /// A host that was connected to has a row, without requests, too.
  mutating func add(_ connections: LegConnections) throws {
    try begin(connections.bucket)
    calls += 1
    for (group, hasAttempts) in connections.members.groups where hasAttempts || grouping != .service {
      let place = places[group.index]
      guard place >= 0 else { continue }
      name(place, group)
      if lastCalls[place] == calls { continue }
      lastCalls[place] = calls
      sums[place]?.add(connections)
    }
  }

  private mutating func begin(_ time: Int64) throws {
    let start = RollupSpan.start(time, width)
    if start == bucket { return }
    try flush()
    bucket = start
  }

  private mutating func name(_ place: Int, _ group: LegTable.Group) {
    if sums[place] == nil {
      sums[place] = Sum(times: unused.popLast() ?? DurationSum())
      used.append(place)
    }
    sums[place]?.meshCluster.add(group, grouping)
  }

  mutating func finished() throws -> [[Report.Value]] {
    try flush()
    return rows
  }

  private mutating func flush() throws {
    if used.isEmpty { return }
    used.sort()
    let covered = try coverage.covered(bucket..<bucket + width)
    for place in used {
      // Taken out, so that its keys are told apart where they are.
      guard var sum = sums[place].take() else { continue }
      let connections = sum.connections.count() + sum.countedConnections
      let peak = peaks[PeakKey(bucket: bucket, place: place)] ?? 0
      rows.append(row(series[place], sum, connections: connections, peak: peak, covered: covered))
      sum.times.removeAll()
      unused.append(sum.times)
    }
    used.removeAll(keepingCapacity: true)
  }

  /// `covered`: microseconds of the bucket for which there are logs.
  private func row(
    _ series: Series, _ sum: Sum, connections: Int, peak: Int64, covered: Int64
  ) -> [Report.Value] {
    func text(_ value: String) -> Report.Value { value.isEmpty ? .missing : .text(value) }
    let name = grouping == .service ? [] : [text(series.shown)]
    return [.bucket(bucket), text(series.service)] + name + [
      text(sum.meshCluster.name ?? ""), .integer(sum.requests),
      .decimal(Double(sum.requests) * 1e6 / Double(covered), digits: 2),
      .decimal(Double(sum.busy) / Double(covered), digits: 2), .integer(peak),
      .integer(Int64(connections)), .integer(sum.bytesSent), .integer(sum.bytesReceived),
      .integer(sum.failures),
    ] + sum.times.quantiles
  }
}

extension LoadRows.Sum {
  mutating func add(_ more: LegConnections) {
    if let count = more.count { countedConnections += count } else { more.add(to: &connections) }
  }

  mutating func add(_ row: LegRow, byHost: Bool) {
    requests += byHost ? row.requestAttempts : row.requests
    failures += byHost ? row.failures : row.failedRequests
    busy += row.busy
    bytesSent += row.bytesSent
    bytesReceived += row.bytesReceived
    if !row.addTimes(byHost ? .server : .client, to: &times) {
      row.addTimes(byHost ? .client : .server, to: &times)
    }
  }
}
