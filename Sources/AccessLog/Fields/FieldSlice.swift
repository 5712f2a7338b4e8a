/// Where a field's value lies in the bytes that were scanned.
package struct FieldSlice: Sendable, Equatable {
  package enum Kind: UInt8, Sendable {
    /// The key was not there.
    case absent
    /// JSON null.
    case null
    /// Text as it stands.
    case text
    /// The inside of a JSON string that holds at least one backslash escape.
    case escapedText
    /// A JSON number as it stands.
    case number
    /// true, false, an object or an array.
    case other
  }
  package var start: Int32
  package var count: Int32
  package var kind: Kind

  package init(start: Int, count: Int, kind: Kind) {
    self.start = Int32(truncatingIfNeeded: start)
    self.count = Int32(truncatingIfNeeded: count)
    self.kind = kind
  }

  package static let absent = FieldSlice(start: 0, count: 0, kind: .absent)

  package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
