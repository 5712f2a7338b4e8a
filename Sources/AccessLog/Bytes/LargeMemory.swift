internal import CBytes
internal import Platform

/// Memory of tables that are looked up all over.
///
/// A table of some megabytes costs a page walk for every look at it, where pages are of 4 KiB. Linux gives pages of
/// 2 MiB to whom asks for them; where it has none, or is another system, the memory is as good as any
/// (docs/explanation/decisions/0004).
package enum LargeMemory {
  private static let page = 1 << 21

  /// From now on the memory of large arrays goes back to the system when they go. The C library keeps it for the next one
  /// otherwise, of each thread's by itself: quicker by some hundredths, but what is kept can be as much as what is used.
  package static func goesBackAtOnce() {
    memory_goes_back_at_once()
  }

  /// Zeroed; to be deallocated by the caller.
  static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    guard byteCount >= page else {
      return unsafe zeroed(.allocate(byteCount: byteCount, alignment: 64))
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: page)
    unsafe advise(memory)
    return unsafe zeroed(memory)
  }

  /// Asks for large pages for what lies in `memory` and was not touched yet.
  static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
      let skipped = -Int(bitPattern: memory.baseAddress) & (page - 1)
      let whole = (memory.count - skipped) & -page
      guard whole > 0 else { return }
      // Safe: the whole pages asked for lie within `memory`, which the caller owns.
      // A hint: what becomes of it changes nothing but time.
      unsafe madvise(memory.baseAddress.unsafelyUnwrapped + skipped, whole, MADV_HUGEPAGE)
    #endif
  }

  private static func zeroed(_ memory: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
    // Safe: the memory has no other owner yet, and every byte of it is set before anybody reads it.
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    return unsafe memory
  }
}
