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
