/// An address as Envoy logs it, in one 64-bit number.
///
/// 0: missing. Positive: a canonical IPv4 `ip:port`, as `ip << 16 | port`. Negative: `-(text index + 1)`, for all
/// that is not (IPv6, `envoy://…`, a masked `xx.xx.x.xx:15443`). Equal numbers are equal text, and the same IP and port have
/// equal text however they were written (see `SocketAddress`).
package struct Address: Sendable, Hashable {
  package var rawValue: Int64

  package init(rawValue: Int64) { self.rawValue = rawValue }

  package static let missing = Address(rawValue: 0)

  package static func text(_ index: Int32) -> Address { Address(rawValue: -(Int64(index) + 1)) }

  /// The index into the text table, or nil where the address is missing or IPv4.
  package var textIndex: Int32? { rawValue < 0 ? Int32(-rawValue - 1) : nil }
}
