extension Span where Element == UInt8 {
  func isSame(as other: Span<UInt8>) -> Bool {
    count == other.count && indices.allSatisfy { self[$0] == other[$0] }
  }
}

extension StoreConnection {
  /// Elements of an array that is indexed by ids. Ids are given out in order and a row takes bytes, so an id that is
  /// larger than the file is damage, not a reason to ask for all memory.
  func arrayCount(forLargestID id: Int64) throws -> Int {
    let size = try statement("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    guard try size.step(), (0...size.integer(0)).contains(id) else { throw damage("id \(id)") }
    return Int(id) + 1
  }

  func damage(_ detail: String) -> StoreError { .corrupt(path: file.path, detail: "out of range: " + detail) }
}
