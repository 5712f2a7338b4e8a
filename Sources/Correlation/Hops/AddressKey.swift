/// What can be read from an address key (see `Hop`) without its text.
enum AddressKey {
  /// The IP address of an IPv4 key, else nil: where the port of other addresses begins cannot be told.
  static func ip(_ key: Int64) -> Int64? { key > 0 ? key >> 16 : nil }

  /// The port of an IPv4 key.
  static func port(_ key: Int64) -> Int64? { key > 0 ? key & 0xFFFF : nil }

  /// Whether equal keys are the same address: not where somebody masked it (`xx.xx.x.xx:15443`).
  static func isReadable(_ key: Int64) -> Bool { key >= 0 || key & Hop.readableAddress != 0 }

  /// Whether any address of a hop was masked.
  static func hasMasked(_ hop: Hop) -> Bool {
    !isReadable(hop.upstreamLocal) || !isReadable(hop.downstreamLocal) || !isReadable(hop.downstreamRemote)
  }

  /// Takes away all addresses that say nothing, so that no two of them are ever taken for the same. That a request had
  /// an upstream host remains known.
  static func dropMasked(_ hops: inout [Hop]) {
    guard hops.contains(where: hasMasked) else { return }
    for index in hops.indices {
      if !isReadable(hops[index].upstreamLocal) { hops[index].upstreamLocal = 0 }
      if !isReadable(hops[index].downstreamLocal) { hops[index].downstreamLocal = 0 }
      if !isReadable(hops[index].downstreamRemote) { hops[index].downstreamRemote = 0 }
    }
  }
}
