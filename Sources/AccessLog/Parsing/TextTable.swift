#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Texts that repeat, each with a small index: the parser's end of dictionary encoding.
///
/// Open addressing over 64-bit hashes, bytes compared on a hit, so that equal indices mean equal text. The texts
/// themselves leave with the next batch; here only an arena of their bytes stays, for comparing.
struct TextTable {
  private var slots: [Int32] = Array(repeating: -1, count: 1 << 12)
  private var hashes: [UInt64] = []
  private var starts: [Int32] = [0]
  private var arena: [UInt8] = []
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  var count: Int { hashes.count }
  var bytes: Int { arena.count }

  /// The index of a text, or nil where it is new and `mayGrow` is false.
  mutating func index(of text: UnsafeRawBufferPointer, mayGrow: Bool) -> Int32? {
    let hash = unsafe TextTable.hash(text, seed: seed)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if hashes[index] == hash, unsafe equals(index, text) { return Int32(index) }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard mayGrow else { return nil }
    slots[slot] = Int32(hashes.count)
    hashes.append(hash)
    unsafe arena.append(contentsOf: text)
    starts.append(Int32(arena.count))
    if hashes.count * 2 > slots.count { grow() }
    return Int32(hashes.count - 1)
  }

  /// The bytes of the texts from `first` on, for a batch.
  func texts(from first: Int) -> [[UInt8]] {
    (first..<count).map { Array(arena[Int(starts[$0])..<Int(starts[$0 + 1])]) }
  }

  func text(_ index: Int32) -> ArraySlice<UInt8> {
    arena[Int(starts[Int(index)])..<Int(starts[Int(index) + 1])]
  }

  mutating func removeAll() {
    slots = Array(repeating: -1, count: 1 << 12)
    hashes.removeAll(keepingCapacity: true)
    starts = [0]
    arena.removeAll(keepingCapacity: true)
  }

  private func equals(_ index: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = Int(starts[index])
    guard Int(starts[index + 1]) - start == text.count else { return false }
    guard let other = text.baseAddress else { return true }
    return unsafe arena.withUnsafeBytes { arena in
      guard let own = arena.baseAddress else { return false }
      return unsafe memcmp(own + start, other, text.count) == 0
    }
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for index in hashes.indices {
      var slot = Int(truncatingIfNeeded: hashes[index]) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(index)
    }
  }

  private static func hash(_ text: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: text.count)
    var offset = 0
    while offset + 8 <= text.count {
      hash = unsafe Hash128.fold(
        hash ^ text.loadUnaligned(fromByteOffset: offset, as: UInt64.self), multiplier)
      offset += 8
    }
    var word: UInt64 = 0
    while offset < text.count {
      word = unsafe word << 8 | UInt64(text[offset])
      offset += 1
    }
    return Hash128.fold(hash ^ word, multiplier ^ seed)
  }

  private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
}
