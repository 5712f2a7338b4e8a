internal import AccessLog
package import Correlation
internal import GRDBSQLite

/// Reads hops as correlation wants them, stretch of time by stretch; what their indices stand for is read once.
///
/// Indices are dense over the whole store and ordered by text; content keys are keyed hashes of the text's bytes, ids and
/// addresses exact. For one thread, within one `snapshot` of the reader, or with `refresh` at the beginning of each further one.
package final class HopFeed {
  private let reader: StoreReader
  private var decoder: HopDecoder
  private let inRange, long, brief: RawStatement

  package init(_ reader: StoreReader) throws {
    self.reader = reader
    decoder = try HopDecoder(reader)
    inRange = try reader.connection.statement(HopColumns.select)
    long = try reader.connection.statement(HopColumns.selectLong)
    brief = try reader.connection.statement(HopColumns.selectBrief)
  }

  /// How many sources the store has.
  package var sourceCount: Int { decoder.sources.count }

  /// Whether so many ids that are text were read that they should be forgotten; hops with such ids, which were read before,
  /// must be, too.
  package var isFullOfIDs: Bool {
    decoder.texts.ids.count > HopFeed.keptIDs || decoder.texts.ids.bytes > HopFeed.keptBytes
  }

  package func forgetIDs() { decoder.texts.ids.removeAll() }

  /// Ids that are text, and their bytes, beyond which they are forgotten between two units of time: some 30 MiB.
  private static let keptIDs = 1 << 18
  private static let keptBytes = 1 << 24

  /// Takes in the names that were stored since.
  /// - Returns: what the indices of hops that were read before have become.
  package func refresh() throws -> HopRenumbering {
    let (oldSources, oldServices) = (decoder.sources, decoder.attributes.services)
    let hasOtherPeers = try decoder.grow(reader)
    let sources = decoder.sources
    return HopRenumbering(
      pods: oldSources.firstOfPod.map { sources[$0].pod },
      meshClusters: oldSources.meshClusters.places(in: sources.meshClusters),
      workloads: oldSources.firstOfWorkload.map { sources[$0].workload },
      services: oldServices.places(in: decoder.attributes.services), hasOtherPeers: hasOtherPeers)
  }

  /// Hops that this has read, with the names that their indices stand for.
  package func loaded(_ hops: [Hop]) -> LoadedHops {
    var loaded = LoadedHops()
    loaded.hops = hops
    loaded.meshClusters = decoder.sources.meshClusters.names
    loaded.services = decoder.attributes.services.names
    loaded.podSources = decoder.sources.firstOfPod
    loaded.podClusters = decoder.sources.clusterOfPod
    loaded.hosts = decoder.hosts
    loaded.serviceIDs = decoder.attributes.serviceIDs
    loaded.connections = decoder.connections
    assert(zip(loaded.services, loaded.services.dropFirst()).allSatisfy { $0 < $1 })
    assert(zip(loaded.meshClusters, loaded.meshClusters.dropFirst()).allSatisfy { $0 < $1 })
    assert(loaded.podSources.count == loaded.podClusters.count)
    assert(loaded.services.count == loaded.serviceIDs.count)
    if hops.contains(where: \.isTunnel) {
      loaded.tunnelNames = tunnelNames(hops, loaded)
      HopFeed.dropUnseenPeers(&loaded.hops)
    }
    return loaded
  }

  /// What other times know of a pod must not matter: other ends are pods that have a hop here.
  private static func dropUnseenPeers(_ hops: inout [Hop]) {
    let pods = Set(hops.lazy.map(\.pod))
    for place in hops.indices where hops[place].isTunnel && hops[place].peer >= 0 {
      if !pods.contains(hops[place].peer) { hops[place].calledAs = Hop.unseenPeer }
    }
  }

  private func tunnelNames(_ hops: [Hop], _ loaded: LoadedHops) -> TunnelNames {
    var ips: [Int64: Int64] = [:]
    for hop in hops {
      for address in [hop.downstreamRemote, hop.upstreamLocal] where address < 0 && ips[address] == nil {
        ips[address] = decoder.ip(ofText: loaded.storedAddress(address))
      }
    }
    var numbers: [Int64: Int32] = [:]
    let hosts = loaded.serviceIDs.map { service -> Int32 in
      let number = numbers[service.host] ?? Int32(numbers.count)
      numbers[service.host] = number
      return number
    }
    return TunnelNames(hosts: ips, serviceHosts: hosts)
  }

  /// Appends the hops whose start lies in a range of microseconds since the epoch, in the order of their keys.
  /// - Throws: `StoreError`.
  package func append(startingIn range: ClosedRange<Int64>, to hops: inout [Hop]) throws {
    let decoder = decoder
    let keys = HopKey.range(ofStarts: range)
    inRange.bind(1, keys.lowerBound)
    inRange.bind(2, keys.upperBound)
    defer { inRange.reset() }
    while try inRange.step() {
      hops.append(try decoder.hop(at: inRange))
      if let start = hops.last?.start, !range.contains(start) { hops.removeLast() }
    }
  }

  /// Appends the next hops whose start lies in a range, as `append` does: at most so many, those behind a key.
  /// - Returns: the last key that was looked at; nil where there are no more.
  /// - Throws: `StoreError`.
  package func append(
    startingIn range: ClosedRange<Int64>, behind key: Int64?, limit: Int, to hops: inout [Hop]
  ) throws -> Int64? {
    assert(limit > 0)
    let decoder = decoder
    let keys = HopKey.range(ofStarts: range)
    inRange.bind(1, key.map { max(keys.lowerBound, $0 + 1) } ?? keys.lowerBound)
    inRange.bind(2, keys.upperBound)
    defer { inRange.reset() }
    let end = hops.count + limit
    while try inRange.step() {
      let hop = try decoder.hop(at: inRange)
      if range.contains(hop.start) { hops.append(hop) }
      if hops.count == end { return hop.id }
    }
    return nil
  }

  /// The hop with a key; nil where there is none.
  /// - Throws: `StoreError`.
  package func hop(withKey key: Int64) throws -> Hop? {
    inRange.bind(1, key)
    inRange.bind(2, key)
    defer { inRange.reset() }
    return try inRange.step() ? try decoder.hop(at: inRange) : nil
  }

  /// Id, role, service and times of the hop with a key, and nothing else of it; nil where there is none. It costs a
  /// third of the whole hop, whose texts have to be looked up.
  /// - Throws: `StoreError`.
  package func brief(ofKey key: Int64) throws -> Hop? {
    brief.bind(1, key)
    defer { brief.reset() }
    return try brief.step() ? decoder.brief(at: brief) : nil
  }

  /// Whether surely no client of the store has called from the IP of an address key.
  package func noClientCalls(from address: Int64) -> Bool { decoder.attributes.noClientCalls(from: address) }

  /// Appends hops of 15 s and more that had not ended by one instant and had started before another; microseconds.
  /// `most`: so many, the last by key; all unless given.
  /// - Throws: `StoreError`.
  package func appendLong(
    openAt instant: Int64, startedBefore limit: Int64, most: Int? = nil, to hops: inout [Hop]
  ) throws {
    assert(most.map { $0 >= 0 } ?? true, "SQLite takes a negative limit for none")
    let decoder = decoder
    long.bind(1, instant)
    long.bind(2, limit)
    long.bind(3, Int64(most ?? -1))
    defer { long.reset() }
    while try long.step() { hops.append(try decoder.hop(at: long)) }
  }

  /// Adds where the lines of hops stand whose keys lie in a range; by key.
  /// - Throws: `StoreError`.
  func lines(ofKeys keys: ClosedRange<Int64>, into lines: inout [Int64: HopLine]) throws {
    let sql = "SELECT id, attributes, line FROM hop WHERE id BETWEEN :first AND :last"
    try reader.rows(sql, ["first": .integer(keys.lowerBound), "last": .integer(keys.upperBound)]) { row in
      lines[row.number(0)] = HopLine(source: decoder.rank(ofSet: row.number(1)), line: row.number(2))
    }
  }
}

/// What turns rows into hops. A value, so that a loop over rows has it at hand without asking an object each time.
private struct HopDecoder {
  private(set) var sources: SourceIndex
  let texts: TextIndex
  private(set) var attributes: AttributeIndex
  private(set) var hosts: HostLives
  let connections: ConnectionHash
  private let contents: ContentHash

  init(_ reader: StoreReader) throws {
    let secret = try reader.connection.hashSecret()
    connections = ConnectionHash(secret)
    contents = ContentHash(secret)
    sources = try SourceIndex(reader)
    hosts = try HostLives(reader, sources)
    texts = try TextIndex(reader.connection, contents.texts)
    attributes = try AttributeIndex(reader, texts, contents)
    _ = try attributes.findPeers(reader, sources)
  }

  /// Takes in what was stored since.
  /// - Returns: whether connections have other ends than before.
  mutating func grow(_ reader: StoreReader) throws -> Bool {
    if try sources.isOutdated(reader) {
      sources = try SourceIndex(reader)
      hosts = try HostLives(reader, sources)
    }
    try texts.grow()
    try attributes.grow(reader, texts)
    return try attributes.findPeers(reader, sources)
  }

  /// A number of the IP of an address that is text, below zero; nil where it is none.
  func ip(ofText stored: Int64) -> Int64? {
    guard let key = try? texts.key(id: 0 &- stored), key.isAddress else { return nil }
    return Int64(bitPattern: key.route) | .min
  }

  /// The place among all of the source that an attribute set names.
  func rank(ofSet id: Int64) -> Int32 { sources[attributes[id].source].rank }

  /// The row that a statement is at; columns are numbered as in `HopColumns`.
  @inline(__always)
  func hop(at row: RawStatement) throws(SQLiteFailure) -> Hop {
    let id = row.integer(0)
    let set = attributes[row.integer(2)]
    let from = sources[set.source]
    let path = try texts.key(row, 3)
    let agent = try texts.key(row, 4)
    return Hop(
      id: id, role: set.role, pod: from.pod, meshCluster: from.meshCluster, workload: from.workload,
      service: set.service, start: (id >> HopKey.hashBits) &* 1000 &+ row.integer(1),
      duration: HopDecoder.duration(row.optionalInteger(5)), startPrecision: set.precision.startMicroseconds,
      durationPrecision: set.precision.durationMicroseconds, requestID: try row.wideKey(10, texts),
      traceID: try row.wideKey(11, texts),
      upstreamHost: set.upstreamHost, upstreamLocal: try address(row.integer(8), ip: set.upstreamLocalIP),
      downstreamLocal: set.downstreamLocal,
      downstreamRemote: try address(row.integer(9), ip: set.downstreamRemoteIP),
      content: contents.content(set.content, path: path),
      authority: set.authority, agent: contents.word(agent),
      route: contents.route(set.route, path: path),
      headerBytes: Int32(clamping: Int(set.headerBytes) + Int(path.bytes) + Int(agent.bytes)),
      bytesReceived: row.optionalInteger(6) ?? -1, bytesSent: row.optionalInteger(7) ?? -1,
      responseCode: set.responseCode, flags: set.flags, httpVersion: set.httpVersion, traits: set.traits,
      calledAs: set.traits.contains(.ztunnel) ? set.peer : set.calledAs)
  }

  /// The hop that a row of `HopColumns.selectBrief` is: what that does not select is missing.
  func brief(at row: RawStatement) -> Hop {
    let set = attributes[row.integer(2)]
    var hop = Hop(id: row.integer(0), role: set.role)
    hop.service = set.service
    hop.traits = set.traits
    hop.start = (hop.id >> HopKey.hashBits) &* 1000 &+ row.integer(1)
    hop.duration = HopDecoder.duration(row.optionalInteger(3))
    return hop
  }

  /// Of a hop: no longer than correlation can add up, -1 for none.
  @inline(__always)
  private static func duration(_ stored: Int64?) -> Int64 {
    min(stored ?? -1, CorrelationLimits.longestDuration)
  }

  /// `ip` is the address's where it stands with the attributes, else -1.
  @inline(__always)
  private func address(_ stored: Int64, ip: Int64) throws(SQLiteFailure) -> Int64 {
    ip >= 0 ? StoredAddress.address(ip: ip, port: stored) : try texts.address(stored)
  }
}

/// Columns of the load, in the order of the SELECT.
private enum HopColumns {
  static let select = """
    SELECT id, start_offset_us, attributes, path, user_agent, duration_us, bytes_received, bytes_sent,
      upstream_local, downstream_remote, request_id, trace_id
    FROM hop WHERE id BETWEEN ? AND ?
    """

  static let selectBrief = "SELECT id, start_offset_us, attributes, duration_us FROM hop WHERE id = ?"

  /// The index `hop_long` has them; a duration that was never true must not overflow.
  static let selectLong =
    select.replacing(
      "FROM hop WHERE id BETWEEN ? AND ?",
      with: """
        FROM hop INDEXED BY hop_long WHERE duration_us >= 15000000
          AND (id >> 20) * 1000 + start_offset_us < ?2
          AND (id >> 20) * 1000 + start_offset_us + min(duration_us, 1 << 60) >= ?1
        ORDER BY id DESC LIMIT ?3
        """)
}

extension RawStatement {
  /// An identifier's 128 bits, whatever its form; those of other text are a number that no other text has.
  func wideKey(_ column: Int32, _ texts: TextIndex) throws(SQLiteFailure) -> WideKey {
    switch type(column) {
    case SQLITE_BLOB:
      return unsafe withBytes(column) { bytes in
        guard bytes.count == 16 else { return .missing }
        // Safe: there are 16 bytes, and they are read before the statement steps on.
        return unsafe WideKey(
          high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
      }
    case SQLITE_TEXT:
      return unsafe withBytes(column) { bytes in
        // What was cut may have gone on differently. A character is never cut within.
        if bytes.count > Limits.valueBytes - 4 { return .missing }
        if let words = unsafe IdentifierText.parse(bytes) { return WideKey(high: words.high, low: words.low) }
        return unsafe WideKey(number: texts.ids.number(of: bytes))
      }
    default: return .missing
    }
  }
}

extension WideKey {
  /// Of an identifier that is neither a UUID nor 32 hex digits; never missing.
  init(number: Int32) {
    self.init(high: WideKey.mark, low: UInt64(UInt32(bitPattern: number)) << 1 | 1)
  }

  /// Tells numbers of texts from the bits of UUIDs, for nobody can write this down.
  private static let mark = UInt64.random(in: .min ... .max)
}
