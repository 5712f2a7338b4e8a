internal import TraceStore

/// The first time that a log names: it tells the same log in another format from another log of the same name.
enum LogBeginning {
  /// Bytes that are looked at, unpacked.
  private static let mostBytes = 1 << 16
  /// `2024-05-23T10:06:27`; what stands for a digit is one.
  private static let form = Array("0000-00-00T00:00:00".utf8)

  /// To the second, or finer where both logs are; false where one of them names none, or cannot be read.
  static func isSame(_ one: FileName, _ other: FileName, sparing store: StoreFiles) -> Bool {
    guard let one = firstTime(one, store), let other = firstTime(other, store) else { return false }
    let common = min(one.count, other.count)
    return one[..<common] == other[..<common]
  }

  private static func firstTime(_ name: FileName, _ store: StoreFiles) -> [UInt8]? {
    let input = InputList.Input(path: name.text, name: name, logName: nil)
    guard let reader = try? ByteReader(input, sparing: store) else { return nil }
    var bytes = [UInt8](repeating: 0, count: mostBytes)
    var filled = 0
    while filled < mostBytes {
      let read = try? unsafe bytes.withUnsafeMutableBytes { bytes in
        // Safe: the rest of the array, which outlives the call.
        try unsafe reader.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]), waiting: 0)
      }
      guard case .bytes(let count)? = read, count > 0 else { break }
      filled += count
    }
    return time(in: bytes[..<filled])
  }

  /// With the digits behind its seconds.
  static func time(in bytes: ArraySlice<UInt8>) -> [UInt8]? {
    for start in bytes.indices where start + form.count <= bytes.endIndex {
      let fits = form.indices.allSatisfy { place in
        let byte = bytes[start + place]
        return form[place] == UInt8(ascii: "0") ? isDigit(byte) : byte == form[place]
      }
      guard fits else { continue }
      let end = start + form.count
      guard end < bytes.endIndex, bytes[end] == UInt8(ascii: ".") else { return Array(bytes[start..<end]) }
      return Array(bytes[start...end]) + bytes[(end + 1)...].prefix(while: isDigit)
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
