/// The address of the pod whose proxy wrote a line, as the line itself has it: what tells pods apart where nothing names them
/// (docs/explanation/decisions/0013-who-wrote-a-line.md).
///
/// A sidecar calls from its pod's address, and is called at it; so do and are gateways and cross-network proxies.
enum OwnAddress {
  /// The IP's text; nil where the line does not tell. `caller` is what `ofCaller` gave for it.
  static func text(
    role: Role, own: HopOwn, caller: String?, downstreamLocal: Address, _ listener: [UInt8]?
  ) -> String? {
    let upstream = own.upstreamLocalIP.map(IPAddress.init(ipv4:)).flatMap(podAddress) ?? caller
    let called = downstreamLocal.ipv4.map(IPAddress.init(ipv4:)) ?? listener.flatMap { SocketAddress($0)?.ip }
    switch role {
    case .server: return called.flatMap(podAddress)
    case .client, .gateway: return upstream
    case .proxy: return upstream ?? called.flatMap(podAddress)
    case .unknown: return nil
    }
  }

  /// Of the addresses that only a row has: that which an IPv6 proxy called from, or that of the app where the proxy called
  /// nobody. Rarely asked for: with an IPv4 address the row's attributes tell.
  static func ofCaller(
    _ line: inout LineFields, _ fields: borrowing FieldTable, upstreamLocal: Address, gateway: Bool
  ) -> String? {
    if upstreamLocal != .missing { return ip(.upstreamLocalAddress, &line, fields) }
    guard !gateway, let cluster = line.bytes(.upstreamCluster, fields), isOutbound(cluster) else {
      return nil
    }
    return ip(.downstreamRemoteAddress, &line, fields)
  }

  private static func isOutbound(_ cluster: [UInt8]) -> Bool {
    cluster.starts(with: "outbound|".utf8) || cluster.starts(with: "PassthroughCluster".utf8)
      || cluster.starts(with: "BlackHoleCluster".utf8)
  }

  private static func ip(
    _ field: Field, _ line: inout LineFields, _ fields: borrowing FieldTable
  ) -> String? {
    line.bytes(field, fields).flatMap { SocketAddress($0)?.ip }.flatMap(podAddress)
  }

  /// None of loopback's: all pods have these.
  private static func podAddress(_ ip: IPAddress) -> String? {
    if let ipv4 = ip.ipv4 { return ipv4 >> 24 == 127 || ipv4 == 0 ? nil : ip.description }
    let text = ip.description
    return text == "::1" || text == "::6" || text == "::" ? nil : text
  }
}
