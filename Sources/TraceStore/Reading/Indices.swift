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

/// `source.id` → dense indices that are ordered by name. Names are put in order by SQLite and are not kept: a store can
/// have logs of very many pods.
struct SourceIndex {
  struct Entry {
    var pod: Int32 = -1
    var meshCluster: Int32 = -1
    var workload: Int32 = -1
    /// Place among all sources, by their texts.
    var rank: Int32 = -1
  }
  private(set) var meshClusters = NameIndex([])
  /// By pod, by workload: the `source.id` of the first of its logs, by their texts.
  private(set) var firstOfPod: [Int64] = []
  private(set) var firstOfWorkload: [Int64] = []
  /// By pod; -1 where not known.
  private(set) var clusterOfPod: [Int32] = []
  private var entries: [Entry] = []
  private var size = Size()

  /// Changes with every source that is stored.
  private struct Size: Equatable {
    var largestID: Int64 = 0
    var count: Int64 = 0
  }

  init(_ reader: StoreReader) throws {
    size = try SourceIndex.size(reader)
    entries = Array(
      repeating: Entry(), count: try reader.connection.arrayCount(forLargestID: size.largestID))
    var rank: Int32 = 0
    try reader.rows(
      "SELECT id FROM source ORDER BY name, mesh_cluster, namespace, pod, container, address", [:]
    ) { row in
      let id = row.number(0)
      guard entries.indices.contains(Int(id)) else { throw reader.connection.damage("source \(id)") }
      entries[Int(id)].rank = rank
      rank += 1
    }
    var names: [String] = []
    _ = try number(reader, "mesh_cluster", where: "mesh_cluster <> ''", \.meshCluster) { names.append($0) }
    meshClusters = NameIndex(names)
    firstOfPod = try number(reader, SourceIndex.pod, where: "true", \.pod) { _ in }
    firstOfWorkload = try number(reader, SourceIndex.workload, where: "workload <> ''", \.workload) { _ in }
    clusterOfPod = firstOfPod.map { entries[Int($0)].meshCluster }
  }

  /// How many sources there are.
  var count: Int { Int(size.count) }

  /// Whether sources were stored since.
  func isOutdated(_ reader: StoreReader) throws -> Bool { try SourceIndex.size(reader) != size }

  private static func size(_ reader: StoreReader) throws -> Size {
    var size = Size()
    try reader.rows("SELECT ifnull(max(id), 0), count(*) FROM source", [:]) { row in
      size = Size(largestID: row.number(0), count: row.number(1))
    }
    return size
  }

  /// Of logs whose pod nobody names the name is that of a file, or an address: mesh clusters may have equal ones.
  private static let pod = """
    CASE WHEN pod <> '' THEN mesh_cluster || '/' || namespace || '/' || pod
        || CASE address WHEN '' THEN '' ELSE ' ' || address END
      WHEN mesh_cluster <> '' THEN mesh_cluster || '/' || name ELSE name END
    """
  private static let workload = "mesh_cluster || '/' || namespace || '/' || workload"

  /// Numbers the names that an expression gives, in their order; sources of one name have one number. `body` takes each
  /// name once. Returns the first of its sources by number; throws `StoreError`.
  private mutating func number(
    _ reader: StoreReader, _ name: String, where condition: String, _ place: WritableKeyPath<Entry, Int32>,
    _ body: (String) -> Void
  ) throws -> [Int64] {
    var first: [Int64] = []
    var last: [UInt8]?
    try reader.rows("SELECT id, \(name) FROM source WHERE \(condition) ORDER BY 2", [:]) { row in
      let id = row.number(0)
      guard entries.indices.contains(Int(id)) else { throw reader.connection.damage("source \(id)") }
      let isNew = row.withBytes(1) { bytes in last.map { !$0.span.isSame(as: bytes) } ?? true }
      if isNew {
        last = row.bytes(1)
        body(row.text(1) ?? "")
        first.append(id)
      } else if entries[Int(id)].rank < entries[Int(first[first.count - 1])].rank {
        first[first.count - 1] = id
      }
      entries[Int(id)][keyPath: place] = Int32(first.count - 1)
    }
    return first
  }

  subscript(id: Int64) -> Entry { entries.indices.contains(Int(id)) ? entries[Int(id)] : Entry() }
}

extension Span where Element == UInt8 {
  fileprivate func isSame(as other: Span<UInt8>) -> Bool {
    count == other.count && indices.allSatisfy { self[$0] == other[$0] }
  }
}

/// `attribute_set.id` → what correlation needs of it.
struct AttributeIndex {
  struct Entry {
    var role = Role.unknown
    var flags = ResponseFlags()
    var responseCode: Int32 = 0
    var service: Int32 = -1
    /// What the method is to a route (`ContentHash`).
    var route: UInt128 = 0
    /// What method and authority are to a content.
    var content: UInt128 = 0
    var headerBytes: Int32 = 0
    var httpVersion: UInt8 = 0
    var traits: HopTraits = []
    /// Of a gateway, and -1 else: the service that it was called as.
    var calledAs: Int32 = -1
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
  private let contents: ContentHash
  private var idsOfServices: [String: (host: Int64, port: Int64)] = [:]

  init(_ reader: StoreReader, _ texts: TextIndex, _ contents: ContentHash) throws {
    self.contents = contents
    // A row without attributes, however damaged, has id 0.
    entries = [Entry()]
    try grow(reader, texts, after: .min)
  }

  /// Reads the sets that were stored since.
  mutating func grow(_ reader: StoreReader, _ texts: TextIndex) throws {
    try grow(reader, texts, after: Int64(entries.count - 1))
  }

  private mutating func grow(_ reader: StoreReader, _ texts: TextIndex, after last: Int64) throws {
    var largest: Int64 = 0
    try reader.rows("SELECT ifnull(max(id), 0) FROM attribute_set", [:]) { largest = $0.number(0) }
    let count = try reader.connection.arrayCount(forLargestID: largest)
    if count > entries.count {
      // Not twice as much as before: there can be very many.
      entries.reserveCapacity(count)
      entries += Array(repeating: Entry(), count: count - entries.count)
    }
    // Until all are known, new services are numbered as they come.
    var names = services.names
    var numbers: [String: Int32] = [:]
    try reader.rows(AttributeIndex.select, ["last": .integer(last)]) { row in
      let id = row.number(0)
      guard entries.indices.contains(Int(id)) else { throw reader.connection.damage("attribute set \(id)") }
      entries[Int(id)] = try Entry(row, texts, contents)
      func number(_ service: String) -> Int32 {
        if services[service] >= 0 { return services[service] }
        let number = numbers[service] ?? Int32(names.count)
        if numbers.updateValue(number, forKey: service) == nil { names.append(service) }
        return number
      }
      if entries[Int(id)].role == .gateway, let called = AttributeIndex.serviceCalled(row) {
        entries[Int(id)].calledAs = number(called)
      }
      guard let service = row.text(10), !service.isEmpty else { return }
      idsOfServices[service] = (row.integer(11) ?? 0, row.integer(9) ?? 0)
      entries[Int(id)].service = number(service)
    }
    if !numbers.isEmpty { numberServices(before: names) }
  }

  private mutating func numberServices(before names: [String]) {
    services = NameIndex(names)
    serviceIDs = services.names.map { idsOfServices[$0] ?? (0, 0) }
    let places = names.map { services[$0] }
    for index in entries.indices where entries[index].service >= 0 {
      entries[index].service = places[Int(entries[index].service)]
    }
    for index in entries.indices where entries[index].calledAs >= 0 {
      entries[index].calledAs = places[Int(entries[index].calledAs)]
    }
  }

  /// What a gateway's caller meant: a waypoint stands for the service that it calls, others were told it in the SNI, where the
  /// caller was in the mesh.
  private static func serviceCalled(_ row: SQLRow) -> String? {
    if row.text(16)?.hasPrefix("inbound-vip|") ?? false { return row.text(10) }
    return row.text(17).flatMap { SubsetKey($0) }.flatMap { $0.host.isEmpty ? nil : $0.service }
  }

  subscript(id: Int64) -> Entry { entries.indices.contains(Int(id)) ? entries[Int(id)] : Entry() }

  /// Whether no client calls from the IP of an IPv4 address, which always stands with its attributes; false of other
  /// addresses.
  func noClientCalls(from address: Int64) -> Bool {
    if address <= 0 { return address == 0 }
    let ip = StoredAddress.ip(of: address)
    return entries.allSatisfy { $0.role != .client && $0.role != .gateway || $0.upstreamLocalIP != ip }
  }

  private static let select = """
    SELECT id, role, response_flags, response_code, method, authority,
      (SELECT text FROM text WHERE id = protocol), upstream_host, downstream_local, service_port,
      (SELECT text FROM text WHERE id = service_host) || ifnull(':' || service_port, ''), service_host,
      source, upstream_local_ip, downstream_remote_ip, precision,
      (SELECT text FROM text WHERE id = upstream_cluster),
      (SELECT text FROM text WHERE id = requested_server_name),
      (SELECT text FROM text WHERE id = access_log_type)
    FROM attribute_set WHERE id > :last
    """
}

extension AttributeIndex.Entry {
  /// From a row of `AttributeIndex.select`.
  init(_ row: SQLRow, _ texts: TextIndex, _ contents: ContentHash) throws {
    role = Role(rawValue: UInt8(clamping: row.integer(1) ?? 0)) ?? .unknown
    flags = ResponseFlags(rawValue: UInt64(bitPattern: row.integer(2) ?? 0))
    responseCode = Int32(clamping: row.integer(3) ?? 0)
    let method = try row.integer(4).map { try texts.key(id: $0) } ?? .missing
    route = contents.routeSet(method: method)
    let authority = try row.integer(5).map { try texts.key(id: $0) } ?? .missing
    content = contents.set(method: method, authority: authority)
    headerBytes = Int32(clamping: Int(method.bytes) + Int(authority.bytes))
    upstreamHost = try texts.address(row.integer(7) ?? 0)
    downstreamLocal = try texts.address(row.integer(8) ?? 0)
    httpVersion = AttributeIndex.Entry.version(row.text(6) ?? "")
    source = row.integer(12) ?? 0
    upstreamLocalIP = row.integer(13) ?? -1
    downstreamRemoteIP = row.integer(14) ?? -1
    precision = PrecisionCode.decode(row.integer(15) ?? 0)
    if row.integer(4) == nil, responseCode == 0, role != .proxy { traits.insert(.connection) }
    if traits.contains(.connection), row.text(18) == "ztunnel" { traits.insert(.ztunnel) }
    if role == .gateway, row.text(16)?.hasPrefix("inbound-vip|") ?? false { traits.insert(.waypoint) }
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
