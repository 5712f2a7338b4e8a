#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file's name as the system has it: bytes, which need not be text.
struct FileName: Comparable {
  /// Without the zero byte at its end.
  private(set) var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(_ text: String) { self.init(bytes: Array(text.utf8)) }

  static func < (one: FileName, other: FileName) -> Bool {
    one.bytes.lexicographicallyPrecedes(other.bytes)
  }

  /// For people, and for the log's name: what is no UTF-8 as `\xFF`, so that two names stay two.
  var text: String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var (text, rest) = ("", bytes[...])
    while !rest.isEmpty {
      let character = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first
      text += character ?? FileName.escape(rest[rest.startIndex])
      rest = rest.dropFirst(character?.utf8.count ?? 1)
    }
    return text
  }

  private static func escape(_ byte: UInt8) -> String {
    "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  /// Calls `body` with the name as C has it.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let name = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe name.withUnsafeBufferPointer { name in
      // Safe: there is the zero byte at least.
      unsafe body(name.baseAddress.unsafelyUnwrapped)
    }
  }

  /// The names in a folder, `.` and `..` left out, in no order; nil where it cannot be listed.
  static func all(inFolder path: String) -> [FileName]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe _ = closedir(folder) }
    var names: [FileName] = []
    errno = 0
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(FileName(bytes: name)) }
    }
    return errno == 0 ? names : nil
  }
}
