/// What a hop's role does not say.
package struct HopTraits: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Of a sidecar, gateway or ztunnel (ambient's L4 proxy): a TCP connection, no request.
  package static let connection = HopTraits(rawValue: 1 << 0)
  /// Of a gateway: a waypoint, which stands for the service that it calls.
  package static let waypoint = HopTraits(rawValue: 1 << 1)
  /// Of a gateway, while legs are matched: one of the two hops that it stands for (`GatewayHalves`).
  static let half = HopTraits(rawValue: 1 << 2)
  /// Of a connection: a ztunnel's, which calls from the address of its app.
  package static let ztunnel = HopTraits(rawValue: 1 << 3)
  /// Of a ztunnel's connection: it went to a proxy (a waypoint, a gateway) that was asked for another address.
  package static let toProxy = HopTraits(rawValue: 1 << 4)
}
