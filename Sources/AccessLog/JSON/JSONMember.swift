/// A member of an object: its key (the inside of the quotes, escapes as they stand) and its value.
package struct JSONMember: Sendable, Equatable {
  package var key: Range<Int>
  package var value: JSONValue
}
