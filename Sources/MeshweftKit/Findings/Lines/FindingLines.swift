internal import AccessLog
internal import Correlation
internal import Queries
internal import TraceStore

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
      assert(row.begins(with: FindingColumn.names))
      guard let set = indexOfSet[row.number(FindingColumn.attributes)] else { return }
      let path = builder.index(id: row.integer(FindingColumn.pathID)) { row.text(FindingColumn.pathText) }
      append(row, set, path)
      related.append((row.integer(FindingColumn.parent) ?? 0, row.integer(FindingColumn.carrier) ?? 0))
    }
    try builder.resolve(reader)
    (paths, routes, routeOfPath) = (builder.paths, builder.routes, builder.routeOfPath)
    relate(related)
  }

  private mutating func readSets(_ reader: StoreReader, _ index: inout [Int64: Int32]) throws {
    var indexOfSource: [Int64: Int] = [:]
    try reader.run(.findingAttributes) { row in
      var columns = RowCursor(row)
      let (id, sourceID) = (columns.number("id"), columns.number("source"))
      let source = indexOfSource[sourceID] ?? sources.count
      if source == sources.count {
        indexOfSource[sourceID] = source
        sources.append(FindingSource(row))
      }
      index[id] = Int32(sets.count)
      sets.append(FindingAttributes(row, source))
    }
  }

  /// From when on there are at most `limit` lines.
  private mutating func firstStart(
    _ reader: StoreReader, since: Int64?, until: Int64?, limit: Int64
  ) throws -> Int64? {
    let width = StoreLimits.slotMilliseconds * 1000
    let from = since.map { $0 / width } ?? .min
    let last = until.map { $0 / width } ?? .max
    let counts = try reader.hopCounts(from: from).filter { $0.slot <= last }
    linesInStore = counts.reduce(0) { $0 + $1.hops }
    var left = limit
    for count in counts.reversed() {
      left -= count.hops
      if left < 0 {
        cutBefore = (count.slot + 1) * width
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
        id: row.number(FindingColumn.id), start: row.number(FindingColumn.start),
        duration: FindingLine.bounded(row.integer(FindingColumn.duration)), set: set, path: path,
        status: CarrierStatus(rawValue: UInt8(clamping: row.integer(FindingColumn.carrierStatus) ?? 0))
          ?? .unknown,
        upstreamLocal: FindingLines.address(
          row.integer(FindingColumn.upstreamLocal), attributes.upstreamLocalIP),
        downstreamRemote: FindingLines.address(
          row.integer(FindingColumn.downstreamRemote), attributes.downstreamRemoteIP),
        received: FindingLine.bounded(row.integer(FindingColumn.received)),
        sent: FindingLine.bounded(row.integer(FindingColumn.sent))))
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
      guard ids.carrier != 0 else { continue }
      let carrier = place(of: ids.carrier)
      if carrier >= 0, attributes(Int(carrier)).isTunnel {
        lines[Int(carrier)].isCarrying = true
      } else {
        lines[index].carrier = carrier
      }
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
