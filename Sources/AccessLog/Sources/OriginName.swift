/// What holds one of an origin's names: bytes, a text, or the range of a line where it stands.
package protocol OriginName: Hashable, Sendable {
  /// A name that nobody said.
  static var unsaid: Self { get }

  /// Whether nobody said it.
  var isEmpty: Bool { get }
}

extension String: OriginName {
  package static var unsaid: String { "" }
}

extension [UInt8]: OriginName {
  package static var unsaid: [UInt8] { [] }
}

extension Range<Int>: OriginName {
  package static var unsaid: Range<Int> { 0..<0 }
}
