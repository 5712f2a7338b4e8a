/// A text that lies in a `TextPool`; length 0 stands for "missing".
struct Text {
  static let missing = Text(offset: 0, length: 0)

  let offset: UInt32
  let length: UInt32

  var isMissing: Bool { length == 0 }
}

/// All texts a run writes again and again, side by side in one block, so that a line is a row of copies.
///
/// The block never moves or shrinks; what `add` returned stays valid as long as the pool.
@safe
final class TextPool {
  /// Room for the names of fifty thousand pods and services; `add` traps beyond it. What is not used takes no memory.
  static let capacityBytes = 16 * 1024 * 1024

  let base = UnsafeMutablePointer<UInt8>.allocate(capacity: capacityBytes)
  private var count = 0

  deinit {
    unsafe base.deallocate()
  }

  func add(_ string: String) -> Text {
    let bytes = string.utf8
    precondition(count + bytes.count <= Self.capacityBytes, "TextPool.capacityBytes is too small")
    let text = Text(offset: UInt32(count), length: UInt32(bytes.count))
    for byte in bytes {
      unsafe base[count] = byte
      count += 1
    }
    return text
  }
}
