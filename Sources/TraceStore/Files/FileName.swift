internal import Synchronization
internal import Platform

/// A file's name as the system has it: bytes, which need not be text.
package struct FileName: Comparable, Sendable {
  /// Without the zero byte at its end.
  package private(set) var bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// From text, or from what `argument(_:)` made of a name that is none.
  package init(_ text: String) {
    guard FileName.hasOddArguments.load(ordering: .relaxed) else {
      self.init(bytes: Array(text.utf8))
      return
    }
    self.init(bytes: text.unicodeScalars.flatMap { FileName.byte($0).map { [$0] } ?? Array(String($0).utf8) })
  }

  package static func < (one: FileName, other: FileName) -> Bool {
    one.bytes.lexicographicallyPrecedes(other.bytes)
  }

  package static func + (name: FileName, ending: String) -> FileName {
    FileName(bytes: name.bytes + Array(ending.utf8))
  }

  package var isText: Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// For people, and for the log's name: what is no UTF-8 as `\xFF`, so that two names stay two.
  package var text: String { text(FileName.escape) }

  /// The name without folders.
  package var last: FileName { FileName(bytes: bytes.split(separator: 0x2F).last.map(Array.init) ?? bytes) }

  /// The folder that it is in; `.` where it names none.
  package var folder: FileName {
    guard let slash = bytes.lastIndex(of: 0x2F) else { return FileName(".") }
    return FileName(bytes: slash == 0 ? [0x2F] : Array(bytes[..<slash]))
  }

  private func text(_ odd: (UInt8) -> String) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var (text, rest) = ("", bytes[...])
    while !rest.isEmpty {
      let character = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first
      text += character ?? odd(rest[rest.startIndex])
      rest = rest.dropFirst(character?.utf8.count ?? 1)
    }
    return text
  }

  private static func escape(_ byte: UInt8) -> String {
    "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  /// Calls `body` with the name as C has it.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let name = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe name.withUnsafeBufferPointer { name in
      // Safe: there is the zero byte at least.
      unsafe body(name.baseAddress.unsafelyUnwrapped)
    }
  }

  /// The names in a folder, `.` and `..` left out, in no order; nil where it cannot be listed.
  package static func all(inFolder name: FileName) -> [FileName]? {
    guard let folder = unsafe name.withCString({ unsafe opendir($0) }) else { return nil }
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

/// Names that a user typed and that are no UTF-8, on their way through options that are text: a byte that is none stands as
/// a character of Unicode's last plane of private use, and becomes that byte again where a file is named.
extension FileName {
  private static let firstOdd: UInt32 = 0x10_FE00
  /// Only then such a character stands for a byte: elsewhere it is itself.
  private static let hasOddArguments = Atomic(false)

  /// An argument or the value of a variable as text.
  package static func argument(_ bytes: [UInt8]) -> String {
    FileName(bytes: bytes).text { byte in
      hasOddArguments.store(true, ordering: .relaxed)
      return Unicode.Scalar(firstOdd + UInt32(byte)).map { String($0) } ?? escape(byte)
    }
  }

  private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    (firstOdd + 0x80..<firstOdd + 0x100).contains(scalar.value) ? UInt8(scalar.value - firstOdd) : nil
  }
}
