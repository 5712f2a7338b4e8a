internal import AccessLog
internal import Correlation

/// Names and their places in sorted order.
struct NameIndex {
  private(set) var names: [String] = []
  private var places: [String: Int32] = [:]

  init(_ all: some Sequence<String>) {
    names = Set(all).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for (place, name) in names.enumerated() { places[name] = Int32(place) }
  }

  /// -1 where there is no such name.
  subscript(name: String) -> Int32 { places[name] ?? -1 }

  /// For each place here the one of the same name in another index.
  func places(in other: NameIndex) -> [Int32] { names.map { other[$0] } }
}

/// `source.id` → dense indices that are ordered by name.
struct SourceIndex {
  struct Entry {
    var pod: Int32 = -1
    var meshCluster: Int32 = -1
    var workload: Int32 = -1
    /// Place among all sources, by their texts.
    var rank: Int32 = -1
  }
  private(set) var pods = NameIndex([])
  private(set) var meshClusters = NameIndex([])
  private(set) var workloads = NameIndex([])
  /// By pod: the `source.id` of the first of its logs, by their texts.
  private(set) var firstOfPod: [Int64] = []
  private var entries: [Entry] = []

  init(_ reader: StoreReader) throws {
    var rows: [(id: Int, texts: [String])] = []
    let sql = "SELECT id, name, mesh_cluster, namespace, pod, container, workload FROM source"
    try reader.rows(sql, [:]) { row in
      rows.append((Int(row.integer(0) ?? 0), (1...6).map { row.text($0) ?? "" }))
    }
    pods = NameIndex(rows.map { SourceIndex.pod($0.texts) })
    meshClusters = NameIndex(rows.map { $0.texts[1] }.filter { !$0.isEmpty })
    workloads = NameIndex(rows.map { SourceIndex.workload($0.texts) }.filter { !$0.isEmpty })
    let count = try reader.connection.arrayCount(forLargestID: Int64(rows.map(\.id).max() ?? 0))
    entries = Array(repeating: Entry(), count: count)
    for row in rows where row.id < 0 { throw reader.connection.damage("source \(row.id)") }
    rows.sort { SourceIndex.key($0.texts).lexicographicallyPrecedes(SourceIndex.key($1.texts)) }
    firstOfPod = Array(repeating: 0, count: pods.names.count)
    for (rank, row) in rows.enumerated() {
      let pod = pods[SourceIndex.pod(row.texts)]
      if firstOfPod[Int(pod)] == 0 { firstOfPod[Int(pod)] = Int64(row.id) }
      entries[row.id] = Entry(
        pod: pod, meshCluster: meshClusters[row.texts[1]],
        workload: workloads[SourceIndex.workload(row.texts)], rank: Int32(rank))
    }
  }

  subscript(id: Int64) -> Entry { entries.indices.contains(Int(id)) ? entries[Int(id)] : Entry() }

  private static func key(_ texts: [String]) -> [UInt8] { Array(texts.joined(separator: "\0").utf8) }

  private static func pod(_ texts: [String]) -> String {
    texts[3].isEmpty ? texts[0] : [texts[1], texts[2], texts[3]].joined(separator: "/")
  }

  private static func workload(_ texts: [String]) -> String {
    texts[5].isEmpty ? "" : [texts[1], texts[2], texts[5]].joined(separator: "/")
  }
}

/// `attribute_set.id` → what correlation needs of it.
struct AttributeIndex {
  struct Entry {
    var role = Role.unknown
    var flags = ResponseFlags()
    var responseCode: Int32 = 0
    var service: Int32 = -1
    var method = TextKey.missing
    /// Of method and authority.
    var content: UInt64 = 0
    var headerBytes: Int32 = 0
    var httpVersion: UInt8 = 0
    var upstreamHost: Int64 = 0
    var downstreamLocal: Int64 = 0
    /// `source.id`; 0 where missing.
    var source: Int64 = 0
    /// IPs of the addresses whose ports stand in the row; -1 where the row has the whole address.
    var upstreamLocalIP: Int64 = -1
    var downstreamRemoteIP: Int64 = -1
    var precision = TimePrecision(startMicroseconds: 1000, durationMicroseconds: 1000)
  }
  private(set) var services = NameIndex([])
  /// By service: `text.id` of its host, and its port (0 where missing).
  private(set) var serviceIDs: [(host: Int64, port: Int64)] = []
  private var entries: [Entry] = []
  private var idsOfServices: [String: (host: Int64, port: Int64)] = [:]

  init(_ reader: StoreReader, _ texts: TextIndex) throws {
    // A row without attributes, however damaged, has id 0.
    entries = [Entry()]
    try grow(reader, texts, after: .min)
  }

  /// Reads the sets that were stored since.
  mutating func grow(_ reader: StoreReader, _ texts: TextIndex) throws {
    try grow(reader, texts, after: Int64(entries.count - 1))
  }

  private mutating func grow(_ reader: StoreReader, _ texts: TextIndex, after last: Int64) throws {
    var rows: [(id: Int, service: String, entry: Entry)] = []
    try reader.rows(AttributeIndex.select, ["last": .integer(last)]) { row in
      let service = row.text(10) ?? ""
      rows.append((Int(row.integer(0) ?? 0), service, try Entry(row, texts)))
      if !service.isEmpty { idsOfServices[service] = (row.integer(11) ?? 0, row.integer(9) ?? 0) }
    }
    for row in rows where row.id < 0 { throw reader.connection.damage("attribute set \(row.id)") }
    let count = try reader.connection.arrayCount(forLargestID: Int64(rows.map(\.id).max() ?? 0))
    if count > entries.count {
      entries += Array(repeating: Entry(), count: count - entries.count)
    }
    if idsOfServices.count > services.names.count { numberServices() }
    for row in rows {
      entries[row.id] = row.entry
      entries[row.id].service = services[row.service]
    }
  }

  private mutating func numberServices() {
    let before = services
    services = NameIndex(idsOfServices.keys)
    serviceIDs = services.names.map { idsOfServices[$0] ?? (0, 0) }
    let places = before.places(in: services)
    for index in entries.indices where entries[index].service >= 0 {
      entries[index].service = places[Int(entries[index].service)]
    }
  }

  subscript(id: Int64) -> Entry { entries.indices.contains(Int(id)) ? entries[Int(id)] : Entry() }

  /// Whether no client calls from the IP of an IPv4 address, which always stands with its attributes; false of other
  /// addresses.
  func noClientCalls(from address: Int64) -> Bool {
    if address <= 0 { return address == 0 }
    let ip = StoredAddress.ip(of: address)
    return entries.allSatisfy { $0.role != .client || $0.upstreamLocalIP != ip }
  }

  private static let select = """
    SELECT id, role, response_flags, response_code, method, authority,
      (SELECT text FROM text WHERE id = protocol), upstream_host, downstream_local, service_port,
      (SELECT text FROM text WHERE id = service_host) || ifnull(':' || service_port, ''), service_host,
      source, upstream_local_ip, downstream_remote_ip, precision
    FROM attribute_set WHERE id > :last
    """
}

extension AttributeIndex.Entry {
  /// From a row of `AttributeIndex.select`.
  init(_ row: SQLRow, _ texts: TextIndex) throws {
    role = Role(rawValue: UInt8(clamping: row.integer(1) ?? 0)) ?? .unknown
    flags = ResponseFlags(rawValue: UInt64(bitPattern: row.integer(2) ?? 0))
    responseCode = Int32(clamping: row.integer(3) ?? 0)
    method = try row.integer(4).map { try texts.key(id: $0) } ?? .missing
    let authority = try row.integer(5).map { try texts.key(id: $0) } ?? .missing
    content = ByteHash.mix(method.hash, authority.hash)
    headerBytes = Int32(clamping: Int(method.bytes) + Int(authority.bytes))
    upstreamHost = try texts.address(row.integer(7) ?? 0)
    downstreamLocal = try texts.address(row.integer(8) ?? 0)
    httpVersion = AttributeIndex.Entry.version(row.text(6) ?? "")
    source = row.integer(12) ?? 0
    upstreamLocalIP = row.integer(13) ?? -1
    downstreamRemoteIP = row.integer(14) ?? -1
    precision = PrecisionCode.decode(row.integer(15) ?? 0)
  }

  private static func version(_ name: String) -> UInt8 {
    guard name.hasPrefix("HTTP/"), let digit = name.utf8.dropFirst(5).first else { return 0 }
    return (UInt8(ascii: "1")...UInt8(ascii: "3")).contains(digit) ? digit - UInt8(ascii: "0") : 0
  }
}

extension StoreConnection {
  /// Elements of an array that is indexed by ids. Ids are given out in order and a row takes bytes, so an id that is
  /// larger than the file is damage, not a reason to ask for all memory.
  func arrayCount(forLargestID id: Int64) throws -> Int {
    let size = try statement("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    guard try size.step(), (0...size.integer(0)).contains(id) else { throw damage("id \(id)") }
    return Int(id) + 1
  }

  func damage(_ detail: String) -> StoreError { .corrupt(path: file.path, detail: "out of range: " + detail) }
}
