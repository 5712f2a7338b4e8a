internal import CBytes

/// Texts that repeat, each with a small index: the parser's end of dictionary encoding.
///
/// Open addressing over 64-bit hashes, bytes compared on a hit, so that equal indices mean equal text. The texts
/// themselves leave with the next batch; here only an arena of their bytes stays, for comparing.
@safe
struct TextTable: ~Copyable {
  /// A slot is empty at -1; `tag` is the upper half of the text's hash, so that a slot of another text seldom costs
  /// more than a look at itself. Where the text lies stands here, too: a large table is two cache misses, not three.
  private struct Slot {
    var tag: UInt32 = 0
    var index: Int32 = -1
    var start: UInt32 = 0
    var count: UInt32 = 0
  }

  private var slots = unsafe TextTable.slots(TextTable.firstSlots)
  private var hashes: [UInt64] = []
  private var starts: [Int] = [0]
  /// The texts' bytes, and slack behind them.
  private var arena = unsafe LargeMemory.allocate(byteCount: TextTable.firstBytes)
  /// Nobody outside knows them: texts cannot be made to share a hash.
  private let secret: (UInt64, UInt64)

  private static let firstSlots = 1 << 12
  private static let firstBytes = 1 << 16

  init(seed: UInt64) {
    secret = (seed, Hash128.fold(seed ^ 0xA076_1D64_78BD_642F, 0x9E37_79B9_7F4A_7C15))
  }

  private static func slots(_ count: Int) -> UnsafeMutableBufferPointer<Slot> {
    let memory = unsafe LargeMemory.allocate(byteCount: count * MemoryLayout<Slot>.stride)
    let slots = unsafe memory.bindMemory(to: Slot.self)
    unsafe slots.initialize(repeating: Slot())
    return unsafe slots
  }

  deinit {
    unsafe slots.deallocate()
    unsafe arena.deallocate()
  }

  var count: Int { hashes.count }
  var bytes: Int { starts[hashes.count] }

  /// The index of a text, or nil where it is new and `mayGrow` is false.
  @inline(__always)
  mutating func index(of text: PaddedBytes, mayGrow: Bool) -> Int32? {
    index(of: text, hash: hash(text), mayGrow: mayGrow)
  }

  /// The index of a text whose hash is known; nil where it is new and `mayGrow` is false.
  @inline(__always)
  mutating func index(of text: PaddedBytes, hash: UInt64, mayGrow: Bool) -> Int32? {
    // Safe: a place is masked to the slots' number, which is a power of two; half of the slots at least are empty.
    let last = unsafe slots.count &- 1
    var place = Int(truncatingIfNeeded: hash) & last
    while true {
      let slot = unsafe slots[place]
      if slot.index < 0 { return mayGrow ? add(text, hash, at: place) : nil }
      if slot.tag == UInt32(truncatingIfNeeded: hash >> 32), slot.count == text.count,
        text.isEqual(to: padded(Int(slot.start), text.count))
      {
        return slot.index
      }
      place = (place &+ 1) & last
    }
  }

  /// Has the slot at hand that a text of this hash will be looked for in.
  @inline(__always)
  func prefetchSlot(_ hash: UInt64) { unsafe bytes_prefetch(address(hash)) }

  /// Has the bytes at hand that a text of this hash will be compared with.
  @inline(__always)
  func prefetchText(_ hash: UInt64) {
    unsafe bytes_prefetch(
      UnsafeRawPointer(arena.baseAddress.unsafelyUnwrapped) + Int(address(hash).pointee.start))
  }

  @inline(__always)
  private func address(_ hash: UInt64) -> UnsafePointer<Slot> {
    unsafe UnsafePointer(slots.baseAddress.unsafelyUnwrapped)
      + (Int(truncatingIfNeeded: hash) & (slots.count &- 1))
  }

  @inline(never)
  private mutating func add(_ text: PaddedBytes, _ hash: UInt64, at place: Int) -> Int32 {
    let index = Int32(hashes.count)
    let start = bytes
    unsafe slots[place] = TextTable.slot(hash, index, start..<start + text.count)
    makeRoom(for: start + text.count + PaddedBytes.slack)
    unsafe UnsafeMutableRawBufferPointer(rebasing: arena[start...]).copyMemory(
      from: text.bytes(0..<text.count))
    hashes.append(hash)
    starts.append(start + text.count)
    if unsafe hashes.count * 2 > slots.count { grow() }
    return index
  }

  private static func slot(_ hash: UInt64, _ index: Int32, _ range: Range<Int>) -> Slot {
    Slot(
      tag: UInt32(truncatingIfNeeded: hash >> 32), index: index, start: UInt32(range.lowerBound),
      count: UInt32(range.count))
  }

  private mutating func makeRoom(for size: Int) {
    guard unsafe size > arena.count else { return }
    let larger = unsafe LargeMemory.allocate(byteCount: max(size, arena.count * 2))
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(arena))
    unsafe arena.deallocate()
    unsafe arena = larger
  }

  /// The bytes of an index.
  func copy(of index: Int32) -> [UInt8] {
    unsafe Array(arena[starts[Int(index)]..<starts[Int(index) + 1]])
  }

  /// The texts from `first` on, for a batch.
  func texts(from first: Int) -> TextList {
    let begin = starts[first]
    let ends = starts[(first + 1)...].map { $0 - begin }
    return unsafe TextList(bytes: Array(arena[begin..<bytes]), ends: ends)
  }

  /// A text where it lies; valid until the next one is added.
  @inline(__always)
  private func padded(_ start: Int, _ count: Int) -> PaddedBytes {
    // Safe: texts lie one behind the other in the arena, which has slack behind the last one.
    unsafe PaddedBytes(base: UnsafeRawPointer(arena.baseAddress.unsafelyUnwrapped) + start, count: count)
  }

  mutating func removeAll() {
    unsafe slots.deallocate()
    unsafe slots = TextTable.slots(TextTable.firstSlots)
    hashes.removeAll(keepingCapacity: true)
    starts = [0]
  }

  private mutating func grow() {
    let larger = unsafe TextTable.slots(slots.count * 2)
    for (index, hash) in hashes.enumerated() {
      var place = Int(truncatingIfNeeded: hash) & (larger.count - 1)
      while unsafe larger[place].index >= 0 { place = (place + 1) & (larger.count - 1) }
      unsafe larger[place] = TextTable.slot(hash, Int32(index), starts[index]..<starts[index + 1])
    }
    unsafe slots.deallocate()
    unsafe slots = larger
  }

  /// Sixteen bytes at a time; the last sixteen, or the two ends of a shorter text, may overlap what came before.
  @inline(__always)
  func hash(_ text: PaddedBytes) -> UInt64 {
    let count = text.count
    var hash = secret.0 ^ UInt64(truncatingIfNeeded: count)
    if count <= 16 {
      let last = count >= 8 ? text.word(count &- 8) : 0
      return Hash128.fold(text.tail(0) ^ hash, last ^ secret.1)
    }
    var offset = 0
    while offset &+ 16 < count {
      hash = Hash128.fold(text.word(offset) ^ hash, text.word(offset &+ 8) ^ secret.1)
      offset = offset &+ 16
    }
    return Hash128.fold(text.word(count &- 16) ^ hash, text.word(count &- 8) ^ secret.1)
  }
}
