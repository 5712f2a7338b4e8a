internal import AccessLog
internal import Correlation

/// `attribute_set.id` → what correlation needs of it.
struct AttributeIndex {
  struct Entry {
    var role = Role.unknown
    var flags = ResponseFlags()
    var responseCode: Int32 = 0
    var service: Int32 = -1
    /// What the method is to a route (`ContentHash`).
    var route: UInt128 = 0
    /// What the method is to a content.
    var content: UInt128 = 0
    /// Key of the authority.
    var authority: UInt32 = 0
    var headerBytes: Int32 = 0
    var httpVersion: UInt8 = 0
    var traits: HopTraits = []
    /// Of a gateway, and -1 else: the service that it was called as.
    var calledAs: Int32 = -1
    /// Of a ztunnel's connection, and -1 else: the pod at its other end, or `Hop.unseenPeer`.
    var peer: Int32 = -1
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
  /// Sets of ztunnel's connections that name their other end, with its name.
  private var peers: [(set: Int64, name: PeerName)] = []
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
      if entries[Int(id)].traits.contains(.ztunnel), let peer = row.text(19).flatMap(PeerName.init) {
        peers.append((id, peer))
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

  /// Gives the other ends of ztunnel's connections the numbers of their pods.
  /// - Returns: whether any has another one than before.
  mutating func findPeers(_ reader: StoreReader, _ sources: SourceIndex) throws -> Bool {
    if peers.isEmpty { return false }
    let pods = try PeerPods(Set(peers.map(\.name.pod)), reader, sources)
    var hasChanged = false
    for (set, name) in peers {
      let pod = pods[name, from: sources[entries[Int(set)].source].meshCluster]
      if entries[Int(set)].peer != pod { hasChanged = true }
      entries[Int(set)].peer = pod
    }
    return hasChanged
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

  /// Where proxies take tunnels (HBONE); an app's own port is named else.
  fileprivate static let hbonePort = 15_008

  private static let select = """
    SELECT id, role, response_flags, response_code, method, authority,
      (SELECT text FROM text WHERE id = protocol), upstream_host, downstream_local, service_port,
      (SELECT text FROM text WHERE id = service_host) || ifnull(':' || service_port, ''), service_host,
      source, upstream_local_ip, downstream_remote_ip, precision,
      (SELECT text FROM text WHERE id = upstream_cluster),
      (SELECT text FROM text WHERE id = requested_server_name),
      (SELECT text FROM text WHERE id = access_log_type),
      CASE WHEN method IS NULL THEN (SELECT text FROM text WHERE id = authority) END,
      CASE WHEN method IS NULL AND upstream_host < 0 THEN (SELECT text FROM text WHERE id = -upstream_host) END
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
    content = contents.set(method: method)
    self.authority = contents.word(authority)
    headerBytes = Int32(clamping: Int(method.bytes) + Int(authority.bytes))
    upstreamHost = try texts.address(row.integer(7) ?? 0)
    downstreamLocal = try texts.address(row.integer(8) ?? 0)
    httpVersion = AttributeIndex.Entry.version(row.text(6) ?? "")
    source = row.integer(12) ?? 0
    upstreamLocalIP = row.integer(13) ?? -1
    downstreamRemoteIP = row.integer(14) ?? -1
    precision = PrecisionCode.decode(row.integer(15) ?? 0)
    if row.integer(4) == nil, responseCode == 0, role != .proxy { traits.insert(.connection) }
    if traits.contains(.connection), row.text(18) == "ztunnel" {
      traits.insert(.ztunnel)
      let port =
        upstreamHost > 0 ? Int(upstreamHost & 0xFFFF) : row.text(20).flatMap { SocketAddress($0)?.port }
      if role == .client, port == AttributeIndex.hbonePort { traits.insert(.toProxy) }
    }
    if role == .gateway, row.text(16)?.hasPrefix("inbound-vip|") ?? false { traits.insert(.waypoint) }
  }

  private static func version(_ name: String) -> UInt8 {
    guard name.hasPrefix("HTTP/"), let digit = name.utf8.dropFirst(5).first else { return 0 }
    return (UInt8(ascii: "1")...UInt8(ascii: "3")).contains(digit) ? digit - UInt8(ascii: "0") : 0
  }
}
