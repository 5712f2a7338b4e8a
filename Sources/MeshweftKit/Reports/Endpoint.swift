internal import AccessLog

/// An endpoint of a service, as Kubernetes lists it: a pod, or an address of which no pod is known.
struct Endpoint: Sendable, Hashable {
  /// In their one spelling (`HostName`), in the order in which they were listed. A pod of a cluster with both families has
  /// one of each.
  var ips: [String]
  /// Empty where the list names none: it stands for any port of the address.
  var ports: [Int]
  /// Empty where the list names none.
  var pod: String

  /// As a host is called to which no request went: by the address and port of the same kind as those of the hosts that got some.
  func name(like hosts: HostNames) -> String {
    let ip = ips.first { HostName(ip: $0, port: nil).isIPv6 == hosts.areIPv6 } ?? ips.first ?? ""
    let port = ports.first(where: hosts.ports.contains) ?? ports.first
    return HostName(ip: ip, port: port).description
  }
}

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

/// What the hosts of a service are called in its logs.
struct HostNames {
  private let names: Set<HostName>
  private let ips: Set<String>
  let ports: Set<Int>
  /// Of most of them.
  let areIPv6: Bool

  init(_ hosts: some Sequence<String>) {
    let names = hosts.map(HostName.init)
    self.names = Set(names)
    ips = Set(names.map(\.ip))
    ports = Set(names.compactMap(\.port))
    areIPv6 = names.count(where: \.isIPv6) * 2 > names.count
  }

  /// Whether any of its addresses, at any of its ports, is one of them.
  func contain(_ endpoint: Endpoint) -> Bool {
    endpoint.ips.contains { ip in
      endpoint.ports.isEmpty
        ? ips.contains(ip) : endpoint.ports.contains { names.contains(HostName(ip: ip, port: $0)) }
    }
  }
}
