internal import AccessLog

/// Some hundred entries, packed: eight bytes each instead of the 27 of a row, and one row to write for all of them
/// (docs/explanation/decisions/0003-storage-layout.md).
///
/// For each entry the distance of its key from the one before and of its hop from the run's smallest, both LEB128. The
/// first key stands in the row's id, the run's smallest hop in `identifier_run`.
struct IdentifierBlock {
  /// What fits into a page with its row's header, so that a block hardly needs a second one.
  private static let bytes = StoreLimits.pageBytes - 160
  /// Bytes of one entry at most.
  private static let entryBytes = 18

  var firstKey: Int64
  var bytes: [UInt8]

  /// Cuts entries, in ascending order and with `base` as the smallest hop, into blocks. Entries of one key are never
  /// parted, so that first keys differ.
  static func pack(_ entries: [IdentifierEntry], base: Int64) -> [IdentifierBlock] {
    var blocks: [IdentifierBlock] = []
    var last: Int64 = -1
    for entry in entries {
      if blocks.isEmpty || entry.key != last && blocks[blocks.count - 1].bytes.count > bytes - entryBytes {
        blocks.append(IdentifierBlock(firstKey: entry.key, bytes: []))
        blocks[blocks.count - 1].bytes.reserveCapacity(bytes)
        last = entry.key
      }
      LEB128.append(UInt64(entry.key - last), to: &blocks[blocks.count - 1].bytes)
      LEB128.append(UInt64(entry.hop - base), to: &blocks[blocks.count - 1].bytes)
      last = entry.key
    }
    return blocks
  }

  /// Its entries, in ascending order; what is damaged ends them.
  func entries(base: Int64) -> [IdentifierEntry] {
    var entries: [IdentifierEntry] = []
    entries.reserveCapacity(bytes.count / 8)
    IdentifierBlock.forEach(in: bytes.span, firstKey: firstKey, base: base) { entry in
      entries.append(entry)
      return true
    }
    return entries
  }

  /// Hands out the entries of a block that was not copied, in ascending order, until `body` says no.
  @inline(__always)
  static func forEach(
    in bytes: Span<UInt8>, firstKey: Int64, base: Int64, _ body: (IdentifierEntry) -> Bool
  ) {
    var offset = 0
    var key = firstKey
    while let distance = LEB128.next(bytes, &offset), let hop = LEB128.next(bytes, &offset) {
      key &+= Int64(truncatingIfNeeded: distance)
      let entry = IdentifierEntry(key: key, hop: base &+ Int64(truncatingIfNeeded: hop))
      guard body(entry) else { return }
    }
  }

  /// The row's id: blocks of one run lie together, in the order of their keys.
  func id(inRun run: Int64) -> Int64 { run << IdentifierEntry.keyBits | firstKey }
}
