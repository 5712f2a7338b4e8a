/// A value inside a JSON text: what it is and where it lies.
package struct JSONValue: Sendable, Equatable {
  package enum Kind: UInt8, Sendable {
    /// A string without escapes, and one with at least one.
    case string, escapedString
    case number
    /// true, false, null, or anything else that is not one of the others.
    case literal
    case object, array
  }
  package var kind: Kind
  /// The inside of a string, without its quotes; of all others the whole value.
  package var range: Range<Int>

  package var isString: Bool { kind == .string || kind == .escapedString }
}
