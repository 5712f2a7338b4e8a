/// 128 bits as text, for whoever prints ids.
package enum IdentifierText {
  /// `08dc43e9-60c8-4f2f-910a-b727172ce311`
  package static func uuid(high: UInt64, low: UInt64) -> String { Identifier.uuidText(high: high, low: low) }
  /// `08dc43e960c84f2f910ab727172ce311`
  package static func hex32(high: UInt64, low: UInt64) -> String {
    Identifier.hex32Text(high: high, low: low)
  }
}
