/// An IP address and a port, the same however it was written.
package struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
  package var ip: IPAddress
  /// Nil where the text names none.
  package var port: Int?

  package init(ip: IPAddress, port: Int?) { (self.ip, self.port) = (ip, port) }

  /// Reads `10.0.0.1:80`, `[fd00::1]:80`, either without its port, and the IPv6 address without brackets. Nil where the text
  /// is none of these: `envoy://…`, a socket's path, a name, what somebody masked.
  package init?(_ text: some Collection<UInt8>) {
    let bytes = Array(text.prefix(SocketAddress.longest + 1))
    if bytes.first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")),
        let ip = IPAddress(bytes[1..<close]),
        bytes[..<close].contains(UInt8(ascii: ":"))
      else { return nil }
      self.init(ip, bytes[(close + 1)...])
    } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      colon == bytes.lastIndex(of: UInt8(ascii: ":"))
    {
      guard let ip = IPAddress(bytes[..<colon]) else { return nil }
      self.init(ip, bytes[colon...])
    } else {
      guard let ip = IPAddress(bytes) else { return nil }
      self.init(ip: ip, port: nil)
    }
  }

  package init?(_ text: String) { self.init(text.utf8) }

  /// `rest`: a colon and digits, or nothing.
  private init?(_ ip: IPAddress, _ rest: ArraySlice<UInt8>) {
    if rest.isEmpty {
      self.init(ip: ip, port: nil)
    } else {
      guard rest.first == UInt8(ascii: ":"), rest.count <= SocketAddress.longestPort + 1,
        let port = IPAddress.decimal(rest.dropFirst(), most: 65_535)
      else { return nil }
      self.init(ip: ip, port: Int(port))
    }
  }

  /// More bytes than any has: an address with a zone in brackets, a colon and a port.
  private static let longest = 160
  /// Digits, leading zeros among them.
  private static let longestPort = 8

  /// `10.0.0.1:80`, `[fd00::1]:80`, `fd00::1`: as Envoy logs it, the IP by RFC 5952.
  package var description: String {
    guard let port else { return ip.description }
    return ip.isIPv4 ? "\(ip):\(port)" : "[\(ip)]:\(port)"
  }
}

extension Address {
  /// An IPv4 address with a port as one number; nil of any other.
  init?(packing address: SocketAddress) {
    guard let ipv4 = address.ip.ipv4, let port = address.port, ipv4 << 16 | Int64(port) != 0 else {
      return nil
    }
    self.init(rawValue: ipv4 << 16 | Int64(port))
  }
}
