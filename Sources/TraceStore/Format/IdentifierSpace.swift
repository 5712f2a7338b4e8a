internal import AccessLog

/// Room for one identifier's bytes while a row is bound.
@safe
struct IdentifierSpace {
  private static let bytes = 40
  // Safe: 16 bytes of a blob, or 36 of a text with dashes, fit in 40. The owner deallocates it once, when nobody has
  // what it gave out any more.
  private let space: UnsafeMutableRawBufferPointer

  init() { unsafe space = .allocate(byteCount: IdentifierSpace.bytes, alignment: 8) }

  func deallocate() { unsafe space.deallocate() }

  /// The 128 bits in network order; valid until the next call.
  @inline(__always)
  func blob(_ reference: IdentifierRef) -> UnsafeRawBufferPointer {
    unsafe space.storeBytes(of: reference.high.bigEndian, as: UInt64.self)
    unsafe space.storeBytes(of: reference.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    return unsafe UnsafeRawBufferPointer(rebasing: space[..<16])
  }

  /// The id as it was written; valid until the next call.
  func text(_ reference: IdentifierRef) -> UnsafeRawBufferPointer {
    let text = IdentifierText.format(
      high: reference.high, low: reference.low, dashes: reference.form == .uuid)
    assert(text.count <= IdentifierSpace.bytes)
    unsafe space.copyBytes(from: text)
    return unsafe UnsafeRawBufferPointer(rebasing: space[..<text.count])
  }
}
