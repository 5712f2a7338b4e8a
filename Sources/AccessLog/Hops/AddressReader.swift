/// Addresses of a line: IPv4 as a number, IPv6 as its one text by RFC 5952, all else as the text that it is.
enum AddressReader {
  @inline(__always)
  static func read(
    _ field: Field, _ line: inout LineFields, _ fields: borrowing FieldTable, _ tables: ParserTables
  ) -> Address {
    guard let slice = line.slice(field, fields) else { return .missing }
    if let packed = IPv4Endpoint.parse(line.line.slice(slice.range)) { return Address(rawValue: packed) }
    return readText(slice, &line, tables)
  }

  /// Reads a field's address, and knows it at once where it is what `memo` has kept from the line before.
  @inline(__always)
  static func read(
    _ field: Field, _ line: inout LineFields, _ fields: borrowing FieldTable, _ tables: ParserTables,
    _ memo: inout IPv4Memo
  ) -> Address {
    guard let slice = line.slice(field, fields) else { return .missing }
    if let packed = memo.parse(line.line.slice(slice.range)) { return Address(rawValue: packed) }
    return readText(slice, &line, tables)
  }

  @inline(never)
  private static func readText(_ slice: FieldSlice, _ line: inout LineFields, _ tables: ParserTables)
    -> Address
  {
    let text = line.withText(slice) { text, _ in text.copy }
    // Envoy's text default once wrote `tcp://10.0.2.1:80`: the scheme says nothing that the line does not.
    let scheme = Array("tcp://".utf8)
    var bare = text.starts(with: scheme) ? Array(text.dropFirst(scheme.count)) : text
    if let target = internalTarget(bare) { bare = target }
    guard !bare.isEmpty else { return .missing }
    let address = SocketAddress(bare)
    if let packed = address.flatMap(Address.init(packing:)) { return packed }
    if !isOrdinary(address, bare) { line.anomalies.insert(.oddAddress) }
    let shown = address.map { Array($0.description.utf8) } ?? bare
    return PaddedBytes.withCopy(of: shown) { tables.index(of: $0, mayGrow: true) }.map(Address.text)
      ?? .missing
  }

  /// Of Envoy's internal listeners what stands behind the listener's name: `envoy://connect_originate/10.244.0.32:9080` is the
  /// host behind the tunnel, `envoy://internal_client_address/` nobody's address. Nil for all else.
  private static func internalTarget(_ text: [UInt8]) -> [UInt8]? {
    let scheme = Array("envoy://".utf8)
    guard text.starts(with: scheme), let slash = text.lastIndex(of: UInt8(ascii: "/")), slash >= scheme.count
    else {
      return nil
    }
    let target = Array(text[(slash + 1)...])
    return target.isEmpty || SocketAddress(target)?.port != nil ? target : nil
  }

  /// `[2a02:cf40::4e36]:5000` or Envoy's internal `envoy://…`.
  private static func isOrdinary(_ address: SocketAddress?, _ text: [UInt8]) -> Bool {
    guard let address else { return text.starts(with: "envoy://".utf8) }
    return address.port != nil && !address.ip.isIPv4
  }
}
