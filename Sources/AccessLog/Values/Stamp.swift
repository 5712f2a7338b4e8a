/// RFC 3339 times as they stand before a line or inside it; only their shape, not their value.
enum Stamp {
  /// Where a time that begins at `start` ends (`2024-05-23T10:06:27.289Z`, `…+08:00`), or nil.
  ///
  /// Source: RFC 3339 section 5.6; the fraction has any number of digits (kubectl and the container runtimes cut
  /// trailing zeros). Zones may lack the colon, as `%z` writes them.
  static func end(in line: Span<UInt8>, at start: Int) -> Int? {
    guard start >= 0, line.count - start >= 20, isDateTime(line, at: start) else { return nil }
    var index = start + 19
    if line[index] == 0x2E || line[index] == 0x2C {
      index += 1
      let digits = index
      while index < line.count, line[index].isDigit { index += 1 }
      guard index > digits else { return nil }
    }
    return zoneEnd(line, at: index)
  }

  /// Whether `YYYY-MM-DDTHH:MM:SS` stands at `start`; its 19 bytes must be within the line.
  private static func isDateTime(_ line: Span<UInt8>, at start: Int) -> Bool {
    for offset in 0..<19 {
      let byte = line[start + offset]
      switch offset {
      case 4, 7: guard byte == 0x2D else { return false }
      case 10: guard byte == 0x54 || byte == 0x74 else { return false }
      case 13, 16: guard byte == 0x3A else { return false }
      default: guard byte.isDigit else { return false }
      }
    }
    return true
  }

  private static func zoneEnd(_ line: Span<UInt8>, at index: Int) -> Int? {
    guard index < line.count else { return nil }
    switch line[index] {
    case 0x5A, 0x7A: return index + 1
    case 0x2B, 0x2D:
      guard line.count - index >= 5, line[index + 1].isDigit, line[index + 2].isDigit else { return nil }
      let minutes = line[index + 3] == 0x3A ? index + 4 : index + 3
      guard line.count - minutes >= 2, line[minutes].isDigit, line[minutes + 1].isDigit else { return nil }
      return minutes + 2
    default: return nil
    }
  }
}
