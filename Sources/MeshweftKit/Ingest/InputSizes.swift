internal import FoundationEssentials

enum InputSizes {
  /// Bytes of all files; nil where one is a stream, whose end nobody knows.
  static func total(of paths: [String]) -> Int64? {
    var total: Int64 = 0
    for path in paths {
      guard path != "-", let attributes = try? FileManager.default.attributesOfItem(atPath: path),
        attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? UInt64
      else { return nil }
      total += Int64(size)
    }
    return total
  }
}
