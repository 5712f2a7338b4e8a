/// The fast path of addresses: of the same host as that of the line before, with another port.
///
/// Valid because the host's bytes, colon included, are compared with those that were read as this number. A proxy's
/// own addresses repeat on every line, so that only the port is read: 30 instructions instead of 100.
struct IPv4Memo {
  /// The host's text, at most 16 bytes with the colon, zeros behind it; and which bits of two words it covers. What
  /// nothing is equal to at first.
  private var text: (UInt64, UInt64) = (1, 0)
  private var mask: (UInt64, UInt64) = (0, 0)
  private var count = 0
  private var address: Int64 = 0

  /// What `IPv4Endpoint.parse` gives.
  @inline(__always)
  mutating func parse(_ endpoint: PaddedBytes) -> Int64? {
    if endpoint.word(0) & mask.0 != text.0 || endpoint.word(8) & mask.1 != text.1 {
      guard learn(endpoint) else { return nil }
    }
    guard let port = IPv4Endpoint.port(endpoint, from: count) else { return nil }
    let value = address << 16 | port
    return value == 0 ? nil : value
  }

  @inline(never)
  private mutating func learn(_ endpoint: PaddedBytes) -> Bool {
    guard let host = IPv4Endpoint.host(endpoint) else { return false }
    count = host.end
    address = host.address
    // The shortest host has eight bytes: `1.2.3.4:`.
    mask = (~0, host.end >= 16 ? ~0 : ~(~0 << UInt64((host.end - 8) << 3)))
    text = (endpoint.word(0) & mask.0, endpoint.word(8) & mask.1)
    return true
  }
}
