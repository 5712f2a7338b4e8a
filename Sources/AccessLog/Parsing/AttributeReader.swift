/// Makes a line's attribute set: its low-variety values as one index.
///
/// A set is built once; afterwards its key, a hash over the raw values, finds it. So per line this costs one pass
/// over some 300 bytes.
struct AttributeReader {
  private let tables: ParserTables
  private let seed: UInt64

  init(tables: ParserTables) {
    self.tables = tables
    seed = UInt64.random(in: .min ... .max)
  }

  /// The fields that make up a set, in the order of Envoy's sorted keys so that memory is read forwards.
  private static let fields: [Field] = [
    .accessLogType, .authority, .connectionTerminationDetails, .downstreamLocalAddress, .istioPolicyStatus,
    .method,
    .httpProtocol, .requestedServerName, .responseCode, .responseCodeDetails, .responseFlags, .routeName,
    .upstreamCluster, .upstreamHost, .upstreamTransportFailureReason,
  ]

  /// The line's set, and all that was odd about the line. `own`: what its other values add to the set. `gateway`: its
  /// addresses say that its proxy is nobody's sidecar.
  @inline(__always)
  func index(
    _ line: inout LineFields, _ fields: borrowing FieldTable, _ own: HopOwn, gateway: Bool,
    workload: WorkloadKind
  ) -> (index: Int32, anomalies: Anomalies) {
    let key = key(line.line, fields, own, salt: gateway ? 1 : 0, workload)
    if let known = tables.attributeSet(key) { return (known.index, known.anomalies) }
    let set = build(&line, fields, own, gateway: gateway, workload: workload)
    return (tables.add(set, anomalies: set.anomalies, key: key), set.anomalies)
  }

  @inline(__always)
  private func key(
    _ line: PaddedBytes, _ fields: borrowing FieldTable, _ own: HopOwn, salt: UInt64, _ workload: WorkloadKind
  ) -> AttributeTable.Key {
    let ownSalt = own.salt
    var high = Hash128.fold(seed &+ salt ^ ownSalt.0, 0x8EBC_6AF0_9C88_C6E3 ^ ownSalt.1)
    var low = (seed ^ UInt64(workload.rawValue) ^ ownSalt.0 &* 0xA076_1D64_78BD_642F) &+ ownSalt.1
    for field in AttributeReader.fields {
      let slice = fields[field]
      // null and "-" are the same to the set, but not to the key: two keys may lead to equal sets.
      let header = UInt64(slice.kind.rawValue) << 32 | UInt64(UInt32(bitPattern: slice.count))
      high = Hash128.fold(high ^ header, 0xA076_1D64_78BD_642F)
      var offset = Int(slice.start)
      let end = offset + Int(slice.count)
      while offset < end {
        let rest = end - offset
        let word = rest >= 8 ? line.word(offset) : line.word(offset) & (~0 >> UInt64((8 - rest) << 3))
        high = Hash128.fold(high ^ word, 0xE703_7ED1_A0B4_28DB)
        low = (low ^ word) &* 0x9E37_79B9_7F4A_7C15
        low ^= low >> 29
        offset += 8
      }
    }
    return AttributeTable.Key(high: high, low: low)
  }

  private func build(
    _ line: inout LineFields, _ fields: borrowing FieldTable, _ own: HopOwn, gateway: Bool,
    workload: WorkloadKind
  ) -> AttributeSet {
    let cluster = line.bytes(.upstreamCluster, fields).map(AttributeReader.withoutSemicolon)
    let serverName = line.bytes(.requestedServerName, fields)
    let flags = line.bytes(.responseFlags, fields) ?? []
    let parsedFlags = ResponseFlags.parse(flags)
    let names = AttributeReader.names(cluster: cluster, serverName: serverName)
    if names.isOdd { line.anomalies.insert(.oddName) }
    let role = names.role(
      isRequest: line.slice(.method, fields) != nil, gateway: gateway, workload: workload)
    let service = names.service(role: role)
    var set = AttributeSet(
      role: role, responseFlags: parsedFlags, responseCode: responseCode(&line, fields),
      httpProtocol: text(.httpProtocol, &line, fields), method: text(.method, &line, fields),
      authority: text(.authority, &line, fields), routeName: text(.routeName, &line, fields),
      upstreamCluster: intern(cluster), requestedServerName: intern(serverName),
      responseCodeDetails: text(.responseCodeDetails, &line, fields),
      connectionTerminationDetails: text(.connectionTerminationDetails, &line, fields),
      upstreamTransportFailureReason: text(.upstreamTransportFailureReason, &line, fields),
      istioPolicyStatus: text(.istioPolicyStatus, &line, fields),
      accessLogType: text(.accessLogType, &line, fields),
      unrecognisedFlags: parsedFlags.contains(.unrecognised) ? intern(flags) : -1,
      serviceHost: intern(service.map { Array($0.host.utf8) }), servicePort: service?.port ?? -1,
      subset: intern(service.flatMap { $0.subset.isEmpty ? nil : Array($0.subset.utf8) }),
      upstreamHost: AddressReader.read(.upstreamHost, &line, fields, tables),
      downstreamLocal: AddressReader.read(.downstreamLocalAddress, &line, fields, tables), own: own)
    set.anomalies = line.anomalies
    return set
  }

  private func responseCode(_ line: inout LineFields, _ fields: borrowing FieldTable) -> Int32? {
    let value = line.number(.responseCode, fields, scale: 1)
    guard value != HopRow.missing else { return nil }
    guard (0...999).contains(value) else {
      line.anomalies.insert(.badNumber)
      return nil
    }
    return Int32(value)
  }

  private func text(_ field: Field, _ line: inout LineFields, _ fields: borrowing FieldTable) -> Int32 {
    intern(line.bytes(field, fields))
  }

  private func intern(_ bytes: [UInt8]?) -> Int32 {
    guard let bytes, !bytes.isEmpty else { return -1 }
    return unsafe bytes.withUnsafeBytes { unsafe tables.index(of: $0, mayGrow: true) } ?? -1
  }

  /// istio#54219: some releases end the name with a semicolon.
  private static func withoutSemicolon(_ name: [UInt8]) -> [UInt8] {
    name.last == UInt8(ascii: ";") ? Array(name.dropLast()) : name
  }

  private static func names(cluster: [UInt8]?, serverName: [UInt8]?) -> RoutingNames {
    RoutingNames(
      cluster: cluster.map { String(decoding: $0, as: UTF8.self) },
      serverName: serverName.map { String(decoding: $0, as: UTF8.self) })
  }
}

/// Addresses of a line: IPv4 as a number, all else as text in the table.
enum AddressReader {
  @inline(__always)
  static func read(
    _ field: Field, _ line: inout LineFields, _ fields: borrowing FieldTable, _ tables: ParserTables
  ) -> Address {
    guard let slice = line.slice(field, fields) else { return .missing }
    if let packed = IPv4Endpoint.parse(line.line.slice(slice.range)) { return Address(rawValue: packed) }
    return readText(slice, &line, tables)
  }

  @inline(never)
  private static func readText(_ slice: FieldSlice, _ line: inout LineFields, _ tables: ParserTables)
    -> Address
  {
    let text = unsafe line.withText(slice) { text, _ in unsafe Array(text) }
    // Envoy's text default once wrote `tcp://10.0.2.1:80`: the scheme says nothing that the line does not.
    let scheme = Array("tcp://".utf8)
    let bare = text.starts(with: scheme) ? Array(text.dropFirst(scheme.count)) : text
    if let packed = PaddedBytes.withCopy(of: bare, IPv4Endpoint.parse) { return Address(rawValue: packed) }
    if !looksLikeAddress(bare) { line.anomalies.insert(.oddAddress) }
    return unsafe bare.withUnsafeBytes { unsafe tables.index(of: $0, mayGrow: true) }.map(Address.text)
      ?? .missing
  }

  /// `[2a02:cf40::4e36]:5000` or Envoy's internal `envoy://…`.
  private static func looksLikeAddress(_ text: [UInt8]) -> Bool {
    if text.starts(with: Array("envoy://".utf8)) { return true }
    guard text.first == UInt8(ascii: "["), let close = text.lastIndex(of: UInt8(ascii: "]")),
      close + 1 < text.count, text[close + 1] == UInt8(ascii: ":"),
      let port = Int(String(decoding: text[(close + 2)...], as: UTF8.self))
    else { return false }
    let inside = text[1..<close]
    return (0...65_535).contains(port)
      && inside.allSatisfy {
        JSONGrammar.hexValue($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
      }
  }
}
