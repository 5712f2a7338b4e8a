internal import AccessLog

/// A host as rollups and lists name it, taken apart: an IP, or whatever else stands for one, and a port.
struct HostName: Hashable, CustomStringConvertible {
  /// `10.0.0.1`, `fd00::1`, `envoy://…`, a name.
  var ip: String
  var port: Int?

  init(ip: String, port: Int?) { (self.ip, self.port) = (ip, port) }

  /// Of any spelling; text that is no address is its own IP, with a port where digits stand behind its last colon.
  init(_ text: String) {
    if let address = SocketAddress(text) {
      self.init(ip: address.ip.description, port: address.port)
    } else if let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port), !text.contains("://")
    {
      self.init(ip: String(text[..<colon]), port: port)
    } else {
      self.init(ip: text, port: nil)
    }
  }

  var isIPv6: Bool { ip.contains(":") && IPAddress(ip) != nil }

  var description: String {
    guard let port else { return ip }
    return isIPv6 ? "[\(ip)]:\(port)" : "\(ip):\(port)"
  }
}
