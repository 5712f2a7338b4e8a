/// What ztunnel's connections are compared by and hops do not hold: the IPs of addresses that are text, and the hosts of
/// services.
package struct TunnelNames: Sendable {
  /// By the key of an address that is no IPv4 one: a number of its IP, the same for all its ports.
  private let hosts: [Int64: Int64]
  /// By service: a number of its host, the same for all its ports.
  private let serviceHosts: [Int32]

  package init(hosts: [Int64: Int64] = [:], serviceHosts: [Int32] = []) {
    (self.hosts, self.serviceHosts) = (hosts, serviceHosts)
  }

  /// A number of an address's IP; nil where it has none.
  func ip(_ address: Int64) -> Int64? { AddressKey.ip(address) ?? hosts[address] }

  /// A number of a service's host; nil where there is no service.
  func host(ofService service: Int32) -> Int32? {
    if service < 0 { return nil }
    return serviceHosts.indices.contains(Int(service)) ? serviceHosts[Int(service)] : service
  }
}
