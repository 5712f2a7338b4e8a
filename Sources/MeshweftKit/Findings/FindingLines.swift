internal import AccessLog
internal import Correlation
internal import Queries
internal import TraceStore

/// Whose log a line stands in.
struct FindingSource: Hashable {
  /// Of the file.
  var name: String
  var meshCluster: String
  var namespace: String
  /// The log's name where no pod is known.
  var pod: String
  var workload: String
  var hasIdentity: Bool

  /// The workload, or the log's name where none is known.
  var caller: String { workload.isEmpty ? pod : workload }
}

/// What many lines have in common.
struct FindingAttributes {
  /// An index of `FindingLines.sources`.
  var source: Int
  var role: Role
  var flags: ResponseFlags
  var code: Int
  var service: String?
  var authority: String?
  var upstreamCluster: String?
  var serverName: String?
  var details: String
  var reason: String
  var subset: String?
  var method: String?
  var upstreamHost: String?
  var downstreamLocal: String?
  /// Of the row's addresses, where they stand here.
  var upstreamLocalIP: Int64?
  var downstreamRemoteIP: Int64?
}

/// One line: numbers only.
struct FindingLine {
  var id: Int64
  /// Microseconds since the epoch.
  var start: Int64
  /// Microseconds; 0 where missing.
  var duration: Int64
  /// An index of `FindingLines.sets`.
  var set: Int32
  /// An index of `FindingLines.paths`.
  var path: Int32
  var status: CarrierStatus
  /// Addresses as the store keeps them, 0 where missing.
  var upstreamLocal: Int64
  var downstreamRemote: Int64
  var received: Int64
  var sent: Int64
  /// Places of other lines, -1 where there are none.
  var parent: Int32 = -1
  var carrier: Int32 = -1

  var end: Int64 { start &+ duration }
}

/// The lines that `findings` looks at, by key: those of the window, and of these the newest where they are very many.
struct FindingLines {
  private(set) var sources: [FindingSource] = []
  private(set) var sets: [FindingAttributes] = []
  private(set) var lines: [FindingLine] = []
  /// Paths without their query, with numbers and ids folded to `*`.
  private(set) var routes: [String] = []
  /// Paths as they were logged.
  private(set) var paths: [String] = []
  /// For each path the place of its route.
  private(set) var routeOfPath: [Int32] = []
  /// Lines before this time were not read: there are too many. Microseconds since the epoch.
  private(set) var cutBefore: Int64?
  /// Lines of the window, whether they were read or not.
  private(set) var linesInStore: Int64 = 0

  /// Reads the lines that start between `since` and `until`, nil for no bound; of more than `limit` the newest.
  init(_ reader: StoreReader, since: Int64?, until: Int64?, limit: Int64 = FindingLimits.lines) throws {
    var indexOfSet: [Int64: Int32] = [:]
    try readSets(reader, &indexOfSet)
    let first = try firstStart(reader, since: since, until: until, limit: limit)
    let bounds = FindingLines.keys(since: first, until: until)
    var builder = PathTable()
    var related: [(parent: Int64, carrier: Int64)] = []
    try reader.run(.findingHops, ["first": .integer(bounds.lowerBound), "last": .integer(bounds.upperBound)])
    {
      row in
      guard let set = indexOfSet[row.number(3)] else { return }
      append(row, set, builder.index(id: row.integer(4)) { row.text(5) })
      related.append((row.integer(10) ?? 0, row.integer(11) ?? 0))
    }
    try builder.resolve(reader)
    (paths, routes, routeOfPath) = (builder.paths, builder.routes, builder.routeOfPath)
    relate(related)
  }

  private mutating func readSets(_ reader: StoreReader, _ index: inout [Int64: Int32]) throws {
    var indexOfSource: [Int64: Int] = [:]
    try reader.run(.findingAttributes) { row in
      let source = indexOfSource[row.number(1)] ?? sources.count
      if source == sources.count {
        indexOfSource[row.number(1)] = source
        sources.append(FindingSource(row))
      }
      index[row.number(0)] = Int32(sets.count)
      sets.append(FindingAttributes(row, source))
    }
  }

  /// From when on there are at most `limit` lines.
  private mutating func firstStart(
    _ reader: StoreReader, since: Int64?, until: Int64?, limit: Int64
  ) throws -> Int64? {
    let width = StoreLimits.stretchMilliseconds * 1000
    let from = since.map { $0 / width } ?? .min
    let last = until.map { $0 / width } ?? .max
    let counts = try reader.hopCounts(from: from).filter { $0.stretch <= last }
    linesInStore = counts.reduce(0) { $0 + $1.hops }
    var left = limit
    for count in counts.reversed() {
      left -= count.hops
      if left < 0 {
        cutBefore = (count.stretch + 1) * width
        return cutBefore
      }
    }
    return since
  }

  /// Keys of hops that start in a window. Within a millisecond the bounds are coarse.
  private static func keys(since: Int64?, until: Int64?) -> ClosedRange<Int64> {
    func key(_ time: Int64) -> Int64 { Swift.min(Swift.max(time / 1000, 0), (1 << 43) - 1) << 20 }
    let lower: Int64 = since.map { key($0) } ?? .min
    let upper: Int64 = until.map { key($0) - 1 } ?? .max
    return lower...Swift.max(lower, upper)
  }

  private mutating func append(_ row: SQLRow, _ set: Int32, _ path: Int32) {
    let attributes = sets[Int(set)]
    lines.append(
      FindingLine(
        id: row.number(0), start: row.number(1), duration: max(0, row.integer(2) ?? 0), set: set, path: path,
        status: CarrierStatus(rawValue: UInt8(clamping: row.integer(12) ?? 0)) ?? .unknown,
        upstreamLocal: FindingLines.address(row.integer(6), attributes.upstreamLocalIP),
        downstreamRemote: FindingLines.address(row.integer(7), attributes.downstreamRemoteIP),
        received: row.integer(8) ?? 0, sent: row.integer(9) ?? 0))
  }

  private static func address(_ stored: Int64?, _ ip: Int64?) -> Int64 {
    guard let stored else { return 0 }
    guard let ip else { return stored }
    return ip << 16 | (stored + 32_768)
  }

  /// Ids to places.
  private mutating func relate(_ related: [(parent: Int64, carrier: Int64)]) {
    for (index, ids) in related.enumerated() {
      if ids.parent != 0 { lines[index].parent = place(of: ids.parent) }
      if ids.carrier != 0 { lines[index].carrier = place(of: ids.carrier) }
    }
  }

  private func place(of id: Int64) -> Int32 {
    var (low, high) = (0, lines.count)
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < lines.count && lines[low].id == id ? Int32(low) : -1
  }

  func attributes(_ place: Int) -> FindingAttributes { sets[Int(lines[place].set)] }
  func source(_ place: Int) -> FindingSource { sources[sets[Int(lines[place].set)].source] }
  func route(_ path: Int32) -> String { path < 0 ? "" : routes[Int(routeOfPath[Int(path)])] }
}

extension FindingSource {
  fileprivate init(_ row: SQLRow) {
    name = row.text(20) ?? ""
    meshCluster = row.text(21) ?? ""
    namespace = row.text(22) ?? ""
    let pod = row.text(23) ?? ""
    hasIdentity = !pod.isEmpty
    self.pod = pod.isEmpty ? name : pod
    workload = row.text(24) ?? ""
  }
}

extension FindingAttributes {
  fileprivate init(_ row: SQLRow, _ source: Int) {
    self.source = source
    role = Role(rawValue: UInt8(clamping: row.integer(2) ?? 0)) ?? .unknown
    flags = ResponseFlags(rawValue: UInt64(bitPattern: row.integer(3) ?? 0))
    code = Int(row.integer(4) ?? 0)
    service = row.text(5)
    authority = row.text(6)
    upstreamCluster = row.text(7)
    serverName = row.text(8)
    details = [row.text(9), row.text(10)].compactMap { $0 }.joined(separator: " ")
    reason = row.text(11) ?? ""
    subset = row.text(12)
    method = row.text(13)
    upstreamHost = StoredAddressText.text(row.integer(14), row.text(15))
    downstreamLocal = StoredAddressText.text(row.integer(16), row.text(17))
    upstreamLocalIP = row.integer(18)
    downstreamRemoteIP = row.integer(19)
  }
}

/// Addresses as the store keeps them: `ip << 16 | port`, or below zero for a text.
enum StoredAddressText {
  static func text(_ stored: Int64?, _ text: String?) -> String? {
    guard let stored, stored != 0 else { return nil }
    return stored < 0 ? text : "\(ip(stored)):\(stored & 0xFFFF)"
  }

  /// Of an address above zero.
  static func ip(_ stored: Int64) -> String {
    [40, 32, 24, 16].map { String(stored >> Int64($0) & 255) }.joined(separator: ".")
  }
}
