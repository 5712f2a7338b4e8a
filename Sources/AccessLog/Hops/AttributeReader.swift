/// Makes a line's attribute set: its low-variety values as one index.
///
/// A set is built once; afterwards its key, a hash over the raw values, finds it. So per line this costs one pass
/// over some 300 bytes.
struct AttributeReader: ~Copyable {
  private let tables: ParserTables
  private var hash = AttributeHash(fields: AttributeReader.fields)

  init(tables: ParserTables) { self.tables = tables }

  /// The fields that make up a set.
  private static let fields: [Field] =
    [
      .authority, .downstreamLocalAddress, .method, .httpProtocol, .requestedServerName, .responseCode,
      .responseFlags,
      .upstreamCluster, .upstreamHost,
    ] + AttributeText.all.map(\.field)

  /// The line's set, and all that was odd about the line. `own`: what its other values add to the set.
  @inline(__always)
  mutating func index(
    _ line: inout LineFields, _ fields: borrowing FieldTable, _ own: HopOwn, sign: AddressSign,
    workload: WorkloadKind
  ) -> (index: Int32, anomalies: Anomalies) {
    let role = UInt64(workload.rawValue) << 2 | UInt64(sign.rawValue)
    let key = hash.key(line.line, fields, own, salt: role)
    if let known = tables.attributeSet(key) { return (known.index, known.anomalies) }
    let set = build(&line, fields, own, sign: sign, workload: workload)
    return (tables.add(set, key: key), set.anomalies)
  }

  private func build(
    _ line: inout LineFields, _ fields: borrowing FieldTable, _ own: HopOwn, sign: AddressSign,
    workload: WorkloadKind
  ) -> AttributeSet {
    let cluster = line.bytes(.upstreamCluster, fields).map(AttributeReader.withoutSemicolon)
    let serverName = line.bytes(.requestedServerName, fields)
    let flags = line.bytes(.responseFlags, fields) ?? []
    var parsedFlags = ResponseFlags.parse(flags)
    let isTunnel = line.bytes(.accessLogType, fields) == AttributeReader.ztunnel
    if isTunnel, let error = line.bytes(.upstreamTransportFailureReason, fields) {
      parsedFlags.formUnion(AttributeReader.flags(ofTunnel: error))
    }
    let names = AttributeReader.names(cluster: cluster, serverName: serverName)
    if names.isOdd { line.anomalies.insert(.oddName) }
    let route = line.bytes(.routeName, fields).map { String(decoding: $0, as: UTF8.self) }
    let isRequest = line.slice(.method, fields) != nil
    var lineRole = names.lineRole(isRequest: isRequest, sign: sign)
    if GatewayRoutes.isOne(cluster: cluster.map { String(decoding: $0, as: UTF8.self) }, route: route) {
      lineRole = .gateway
    } else if lineRole != .server, isTunnel {
      // It names both ends, and is the caller's if not the callee's.
      lineRole = .client
    }
    let role = lineRole.role(
      isRequest: isRequest, hasNoRoute: !parsedFlags.isDisjoint(with: .noRoute), kind: workload)
    let service = names.service(role: role)
    var set = AttributeSet(
      role: role, responseFlags: parsedFlags, responseCode: responseCode(&line, fields),
      httpProtocol: text(.httpProtocol, &line, fields), method: text(.method, &line, fields),
      authority: text(.authority, &line, fields),
      upstreamCluster: intern(cluster), requestedServerName: intern(serverName),
      texts: texts(&line, fields),
      unrecognisedFlags: parsedFlags.contains(.unrecognised) ? intern(flags) : -1,
      serviceHost: intern(service.map { Array($0.host.utf8) }), servicePort: service?.port ?? -1,
      subset: intern(service.flatMap { $0.subset.isEmpty ? nil : Array($0.subset.utf8) }),
      upstreamHost: AddressReader.read(.upstreamHost, &line, fields, tables),
      downstreamLocal: AddressReader.read(.downstreamLocalAddress, &line, fields, tables), own: own)
    set.anomalies = line.anomalies
    set.lineRole = lineRole
    set.ownAddress =
      OwnAddress.text(
        role: role, own: own, caller: own.caller < 0 ? nil : tables.text(own.caller),
        downstreamLocal: set.downstreamLocal, line.bytes(.downstreamLocalAddress, fields)) ?? ""
    return set
  }

  private static let ztunnel = Array("ztunnel".utf8)

  /// What Envoy's flags for an error of a ztunnel's would be, which has no other: no connection came about, or it was cut.
  private static func flags(ofTunnel error: [UInt8]) -> ResponseFlags {
    let words = error.span
    let all = 0..<words.count
    let wasRefused =
      words.contains("connection failed", in: all) || words.contains("refused", in: all)
      || words.contains("timed out", in: all) || words.contains("unreachable", in: all)
      || words.contains("http status", in: all) || words.contains("policy", in: all)
      || words.contains("unknown", in: all) || words.contains("no healthy", in: all)
    return wasRefused ? .upstreamConnectionFailure : .upstreamConnectionTermination
  }

  private func texts(_ line: inout LineFields, _ fields: borrowing FieldTable) -> [Int32] {
    var texts: [Int32] = []
    for row in AttributeText.all { texts.append(text(row.field, &line, fields)) }
    return texts
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
    return PaddedBytes.withCopy(of: bytes) { tables.index(of: $0, mayGrow: true) } ?? -1
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
