/// Turns one line's fields into one row of a batch.
struct HopBuilder: ~Copyable {
  private let tables: ParserTables
  private var attributes: AttributeReader
  private var upstreamLocal = IPv4Memo()
  private var downstreamRemote = IPv4Memo()
  private var downstreamLocal = IPv4Memo()

  init(tables: ParserTables) {
    self.tables = tables
    attributes = AttributeReader(tables: tables)
  }

  /// What the row needs that its values do not say.
  struct Context {
    var source: Int32
    var workload: WorkloadKind
    var line: Int64
    var start: Timestamp
    /// What `duration` gave for it.
    var duration: (value: Int64, precision: Int32)
    var identity: (high: UInt64, low: UInt64)
    /// What `prefetchPath` gave for it.
    var pathHash: UInt64?
  }

  /// The path's hash, nil where its text does not stand in the line as it is. Paths are of many kinds, and the table of
  /// texts larger than a cache: asked for early, its memory is there when it is needed.
  @inline(__always)
  func prefetchPath(_ line: LineFields, _ fields: borrowing FieldTable) -> UInt64? {
    guard let slice = line.slice(.path, fields), let text = line.plainText(slice),
      text.count <= Limits.tableTextBytes
    else { return nil }
    return tables.prefetch(text)
  }

  mutating func row(
    _ line: inout LineFields, _ fields: borrowing FieldTable, _ context: Context, into batch: inout HopBatch
  ) -> HopRow {
    let upstreamLocal = AddressReader.read(.upstreamLocalAddress, &line, fields, tables, &self.upstreamLocal)
    let downstreamRemote = AddressReader.read(
      .downstreamRemoteAddress, &line, fields, tables, &self.downstreamRemote)
    let sign = sign(of: line, fields, upstreamLocal: upstreamLocal, downstreamRemote: downstreamRemote)
    if context.start.isLeapSecond { line.anomalies.insert(.leapSecond) }
    if fields.hasDuplicateKey { line.anomalies.insert(.duplicateKey) }
    let requestID = HopBuilder.identifier(.requestID, &line, fields, &batch)
    let traceID = HopBuilder.identifier(.traceID, &line, fields, &batch)
    let serviceTime = line.number(.upstreamServiceTime, fields, scale: 1)
    let received = line.number(.bytesReceived, fields, scale: 1)
    let sent = line.number(.bytesSent, fields, scale: 1)
    // A path that is plain has nothing to say to the attribute set, and may wait for its memory until that is found.
    var path = TextRef.none
    if context.pathHash == nil {
      path = HopBuilder.text(.path, &line, fields, tables, &batch, hash: nil)
    }
    if let hash = context.pathHash { tables.prefetchText(hash) }
    let userAgent = HopBuilder.text(.userAgent, &line, fields, tables, &batch, hash: nil)
    let forwardedFor = HopBuilder.text(.forwardedFor, &line, fields, tables, &batch, hash: nil)
    let precision = TimePrecision(
      startMicroseconds: context.start.precisionMicroseconds,
      durationMicroseconds: context.duration.precision)
    var own = HopOwn(
      source: context.source, upstreamLocal: upstreamLocal, downstreamRemote: downstreamRemote,
      precision: precision, anomalies: line.anomalies)
    if upstreamLocal.rawValue <= 0 {
      own.caller = caller(&line, fields, upstreamLocal: upstreamLocal, sign: sign)
    }
    let set = attributes.index(&line, fields, own, sign: sign, workload: context.workload)
    if let hash = context.pathHash {
      path = HopBuilder.text(.path, &line, fields, tables, &batch, hash: hash)
    }
    return HopRow(
      startMicroseconds: context.start.microseconds, identity: context.identity, source: context.source,
      line: context.line,
      attributes: set.index, path: path, userAgent: userAgent, forwardedFor: forwardedFor,
      requestID: requestID,
      traceID: traceID, upstreamLocal: upstreamLocal, downstreamRemote: downstreamRemote,
      durationMicroseconds: context.duration.value, upstreamServiceTimeMilliseconds: serviceTime,
      bytesReceived: received, bytesSent: sent,
      precision: precision, anomalies: set.anomalies)
  }

  @inline(never)
  private func caller(
    _ line: inout LineFields, _ fields: borrowing FieldTable, upstreamLocal: Address, sign: AddressSign
  ) -> Int32 {
    let ip = OwnAddress.ofCaller(&line, fields, upstreamLocal: upstreamLocal, gateway: sign == .gateway)
    return ip.flatMap { PaddedBytes.withCopy(of: Array($0.utf8)) { tables.index(of: $0, mayGrow: true) } }
      ?? -1
  }

  /// A sidecar's client hop leaves from the address its app called from; a gateway's leaves from its own, to which
  /// somebody else had come.
  @inline(__always)
  private mutating func sign(
    of line: LineFields, _ fields: borrowing FieldTable, upstreamLocal: Address, downstreamRemote: Address
  ) -> AddressSign {
    if upstreamLocal == .missing {
      return isForwarded(line, fields, by: downstreamRemote) ? .forwarded : .none
    }
    guard let own = upstreamLocal.ipv4 else { return textSign(line, fields) }
    guard let caller = downstreamRemote.ipv4 else { return .none }
    if own == caller { return .sidecar }
    guard let slice = line.slice(.downstreamLocalAddress, fields),
      let listener = downstreamLocal.parse(line.line.slice(slice.range))
    else { return .none }
    return listener >> 16 == own ? .gateway : .none
  }

  /// What the addresses say of the hop's role where they are texts, as those of IPv6 are.
  @inline(never)
  private func textSign(_ line: LineFields, _ fields: borrowing FieldTable) -> AddressSign {
    func ip(_ field: Field) -> IPAddress? {
      line.slice(field, fields).flatMap { SocketAddress(line.line.slice($0.range).copy)?.ip }
    }
    guard let own = ip(.upstreamLocalAddress), let caller = ip(.downstreamRemoteAddress) else { return .none }
    if own == caller { return .sidecar }
    return ip(.downstreamLocalAddress) == own ? .gateway : .none
  }

  /// A failed request has no upstream address; but a gateway adds its peer's to the addresses that the request came from
  /// (Envoy's use_remote_address), and a sidecar's own app is nobody who was forwarded.
  @inline(never)
  private func isForwarded(_ line: LineFields, _ fields: borrowing FieldTable, by peer: Address) -> Bool {
    guard peer != .missing, let slice = line.slice(.forwardedFor, fields) else { return false }
    let text = line.line.slice(slice.range).copy
    let last = text.split(separator: UInt8(ascii: ",")).last?.drop { $0 == 0x20 } ?? []
    if let address = peer.ipv4Text?.split(separator: ":").first { return last.elementsEqual(address.utf8) }
    guard let remote = line.slice(.downstreamRemoteAddress, fields),
      let peer = SocketAddress(line.line.slice(remote.range).copy)?.ip
    else { return false }
    return SocketAddress(last)?.ip == peer
  }

  /// Microseconds, and how many of them its format's unit has.
  @inline(__always)
  static func duration(_ line: inout LineFields, _ fields: borrowing FieldTable) -> (
    value: Int64, precision: Int32
  ) {
    let fine = line.number(.durationMicroseconds, fields, scale: 1)
    if fine != HopRow.missing { return (fine, 1) }
    return (line.number(.duration, fields, scale: 1000), 1000)
  }

  /// `hash` is the text's hash in the table, where it is known.
  @inline(__always)
  private static func text(
    _ field: Field, _ line: inout LineFields, _ fields: borrowing FieldTable, _ tables: ParserTables,
    _ batch: inout HopBatch, hash: UInt64?
  ) -> TextRef {
    guard let slice = line.slice(field, fields) else { return .none }
    if let text = line.plainText(slice) { return reference(to: text, hash, tables, &batch) }
    return cleanText(slice, &line, tables, &batch)
  }

  @inline(never)
  private static func cleanText(
    _ slice: FieldSlice, _ line: inout LineFields, _ tables: ParserTables, _ batch: inout HopBatch
  ) -> TextRef {
    line.withText(slice) { text, _ in reference(to: text, nil, tables, &batch) }
  }

  /// The table for what is short while there is room, the batch itself for the rest.
  @inline(__always)
  private static func reference(
    to text: PaddedBytes, _ hash: UInt64?, _ tables: ParserTables, _ batch: inout HopBatch
  ) -> TextRef {
    guard text.count > 0 else { return .none }
    if text.count <= Limits.tableTextBytes {
      let mayGrow = tables.hasRoomForTexts
      let index =
        hash.map { tables.index(of: text, hash: $0, mayGrow: mayGrow) }
        ?? tables.index(of: text, mayGrow: mayGrow)
      if let index { return .table(index) }
    }
    return inline(text, &batch)
  }

  private static func identifier(
    _ field: Field, _ line: inout LineFields, _ fields: borrowing FieldTable, _ batch: inout HopBatch
  ) -> IdentifierRef {
    guard let slice = line.slice(field, fields) else { return .none }
    let raw = line.line.slice(slice.range)
    if let bits = Identifier.uuid(raw) {
      return IdentifierRef(form: .uuid, high: bits.high, low: bits.low, text: .none)
    }
    if let bits = Identifier.hex32(raw) {
      return IdentifierRef(form: .hex32, high: bits.high, low: bits.low, text: .none)
    }
    return line.withText(slice) { text, _ in
      IdentifierRef(form: .text, high: 0, low: 0, text: inline(text, &batch))
    }
  }

  /// Ids hardly repeat: they never enter the table.
  private static func inline(_ text: PaddedBytes, _ batch: inout HopBatch) -> TextRef {
    let offset = batch.inlineBytes.count
    // Safe: the batch gets a copy; the range is the whole text.
    unsafe batch.inlineBytes.append(contentsOf: text.bytes(0..<text.count))
    return .inline(offset: offset, count: text.count)
  }
}
