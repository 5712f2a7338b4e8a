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
