/// A reference to text: nothing, an index into the parser's table, or a place in the batch's `inlineBytes`.
package struct TextRef: Sendable, Equatable {
  /// -1: none. 0...: index into the table. Below -1: `-(offset + 2)` into `inlineBytes`, `count` bytes long.
  package var value: Int32
  package var count: Int32

  package static let none = TextRef(value: -1, count: 0)
  package static func table(_ index: Int32) -> TextRef { TextRef(value: index, count: 0) }
  package static func inline(offset: Int, count: Int) -> TextRef {
    TextRef(value: Int32(-(offset + 2)), count: Int32(count))
  }
}
