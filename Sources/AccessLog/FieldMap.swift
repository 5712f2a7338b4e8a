/// Placeholder until the formats branch lands.
package struct FieldMap: Sendable { func field(forKey key: Span<UInt8>) -> Field? { nil } }
