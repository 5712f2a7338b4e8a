/// Texts one behind the other.
package struct TextList: Sendable, RandomAccessCollection {
  package private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  package init() {}

  /// `ends`: where each text ends in `bytes`.
  init(bytes: [UInt8], ends: [Int]) {
    self.bytes = bytes
    self.ends = ends
  }

  package mutating func append(_ text: [UInt8]) {
    bytes += text
    ends.append(bytes.count)
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { ends.count }

  package subscript(index: Int) -> [UInt8] { Array(bytes[range(of: index)]) }

  /// Where a text lies in `bytes`.
  package func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }
}
