/// Times before a line that are not RFC 3339.
enum LooseStamp {
  /// `2025-03-04 08:15:02.417`, a zone may follow.
  static func end(in line: Span<UInt8>, at start: Int) -> Int? {
    guard start >= 0, line.count - start >= 19 else { return nil }
    for offset in 0..<19 {
      let byte = line[start + offset]
      switch offset {
      case 4, 7: guard byte == 0x2D || byte == 0x2F else { return nil }
      case 10: guard byte == 0x20 || byte == 0x54 else { return nil }
      case 13, 16: guard byte == 0x3A else { return nil }
      default: guard byte.isDigit else { return nil }
      }
    }
    let end = fractionEnd(line, start + 19)
    if end < line.count, line[end] == 0x5A { return end + 1 }
    for zone in [" UTC", " +0000 UTC", " +0000", "+00:00", "+0000"] as [StaticString]
    where line.holds(zone, at: end) {
      return end + zone.utf8CodeUnitCount
    }
    return end
  }

  /// `Mar  4 08:15:02`
  static func monthEnd(in line: Span<UInt8>, at start: Int) -> Int? {
    guard start >= 0, line.count - start >= 15, line[start].isLetter, line[start + 1].isLetter,
      line[start + 2].isLetter, line[start + 3] == 0x20,
      line[start + 4] == 0x20 || line[start + 4].isDigit, line[start + 5].isDigit, line[start + 6] == 0x20,
      line[start + 9] == 0x3A, line[start + 12] == 0x3A
    else { return nil }
    for offset in [7, 8, 10, 11, 13, 14] where !line[start + offset].isDigit { return nil }
    return fractionEnd(line, start + 15)
  }

  private static func fractionEnd(_ line: Span<UInt8>, _ start: Int) -> Int {
    guard start + 1 < line.count, line[start] == 0x2E || line[start] == 0x2C, line[start + 1].isDigit else {
      return start
    }
    var index = start + 1
    while index < line.count, line[index].isDigit { index += 1 }
    return index
  }
}
