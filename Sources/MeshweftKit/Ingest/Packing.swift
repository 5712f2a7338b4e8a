/// What a file's first bytes say about how it is packed, whatever its name is.
enum Packing: Equatable {
  case plain
  case gzip
  /// Read by a program of the system's.
  case packed(Decompressor.Tool)
  case utf16(isBigEndian: Bool)
  case tar
  case zip

  init(_ head: [UInt8]) {
    self = Packing.magic.first { head.starts(with: $0.bytes) }?.packing ?? Packing.withoutMagic(head)
  }

  private static let magic: [(bytes: [UInt8], packing: Packing)] = [
    ([0x1F, 0x8B], .gzip), ([0x28, 0xB5, 0x2F, 0xFD], .packed(.zstd)),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .packed(.xz)), ([0x42, 0x5A, 0x68], .packed(.bzip2)),
    ([0x04, 0x22, 0x4D, 0x18], .packed(.lz4)), ([0x50, 0x4B, 0x03, 0x04], .zip),
    ([0x50, 0x4B, 0x05, 0x06], .zip),
    ([0xFF, 0xFE], .utf16(isBigEndian: false)), ([0xFE, 0xFF], .utf16(isBigEndian: true)),
  ]

  /// A tar's first block, and UTF-16 that lost its mark.
  private static func withoutMagic(_ head: [UInt8]) -> Packing {
    if head.count >= 262, head[257..<262].elementsEqual(Array("ustar".utf8)) { return .tar }
    guard head.count >= 4 else { return .plain }
    let isASCII = { (byte: UInt8) in byte >= 0x20 && byte < 0x7F }
    if isASCII(head[0]), head[1] == 0, isASCII(head[2]), head[3] == 0 { return .utf16(isBigEndian: false) }
    if head[0] == 0, isASCII(head[1]), head[2] == 0, isASCII(head[3]) { return .utf16(isBigEndian: true) }
    return .plain
  }
}
