/// The key of a line's attribute set: one hash over the raw values of its fields.
///
/// The fast path of `AttributeReader`: valid because sets with the same key are the same, but for a chance of 2^-64 for
/// each two of them: the sum of products of words with secret numbers added (NH, from UMAC: Black, Halevi, Krawczyk,
/// Krovetz, Rogaway, CRYPTO 1999), over two words for each 16 bytes and one for each value's kind and length. All
/// products are independent of each other, so the processor works on several at once: half the time of a hash that
/// goes from word to word. And a sum can be made of parts: that of a layout's steady values is kept. Values longer than
/// the secrets reach are hashed by words.
@safe
struct AttributeHash: ~Copyable {
  /// The fields, a set bit for each: `1 << rawValue`.
  private let fields: UInt64
  /// What nobody outside knows, new for each parser: attribute sets cannot be made to share a key. In order: those of
  /// the row's own numbers and the fields that are there; of each field's length and its pieces of 16 bytes.
  private let secrets: [UInt64]
  /// By a value's length up to 16, which bits of its first two words belong to it.
  private let masks: [UInt64]
  /// The sums of steady values, by their layouts: most of a line's are of one that a line before it had.
  private var steady = [Steady](repeating: Steady(layout: 0, sum: 0), count: AttributeHash.layouts)

  private struct Steady {
    var layout: UInt64
    var sum: UInt128
  }

  private static let ownSecrets = 5
  /// Bytes of a value that its secrets reach.
  private static let longestValue = 256
  private static let fieldSecrets = 1 + longestValue / 8
  /// Layouts whose sums are kept; a power of two.
  private static let layouts = 4

  init(fields: [Field]) {
    self.fields = fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    let count = AttributeHash.ownSecrets + AttributeHash.fieldSecrets * Field.allCases.count
    // Two numbers of the system's make all others: it is asked for each parser.
    let seed = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    secrets = (1...UInt64(count)).map { number in
      Hash128.fold(seed.0 &+ number &* 0x9E37_79B9_7F4A_7C15, seed.1 ^ number &* 0xA076_1D64_78BD_642F)
    }
    masks = (0...16).flatMap { [AttributeHash.mask(min($0, 8)), AttributeHash.mask(max($0 - 8, 0))] }
  }

  /// The lowest bytes of a word, so many of them.
  private static func mask(_ bytes: Int) -> UInt64 { bytes == 8 ? ~0 : ~(~0 << UInt64(bytes << 3)) }

  /// `salt`: what else makes sets different.
  @inline(__always)
  mutating func key(
    _ line: PaddedBytes, _ table: borrowing FieldTable, _ own: HopOwn, salt: UInt64
  ) -> AttributeTable.Key {
    guard let values = sum(line, table) else { return slowKey(line, table, own, salt: salt) }
    // Safe: there are more secrets than these.
    let sum = unsafe secrets.withUnsafeBufferPointer { secrets in
      let words = own.words
      var sum = unsafe UInt128(words.0 &+ secrets[0]) &* UInt128(words.1 &+ secrets[1])
      sum = unsafe sum &+ UInt128(words.2) &* UInt128(secrets[2]) &+ UInt128(salt) &* UInt128(secrets[3])
      return unsafe sum &+ UInt128(table.present & fields) &* UInt128(secrets[4]) &+ values
    }
    return AttributeTable.Key(
      high: UInt64(truncatingIfNeeded: sum >> 64), low: UInt64(truncatingIfNeeded: sum))
  }

  /// The sum over the values of a line; nil where one of them is too long.
  @inline(__always)
  private mutating func sum(_ line: PaddedBytes, _ table: borrowing FieldTable) -> UInt128? {
    let fields = table.present & fields
    guard table.layout != 0 else { return sum(fields, line, table) }
    let slot = Int(truncatingIfNeeded: table.layout >> 32) & (AttributeHash.layouts - 1)
    if steady[slot].layout != table.layout {
      guard let sum = steadySum(fields & table.steady, line, table) else { return nil }
      steady[slot] = Steady(layout: table.layout, sum: sum)
    }
    return sum(fields & ~table.steady, line, table).map { $0 &+ steady[slot].sum }
  }

  @inline(never)
  private func steadySum(_ fields: UInt64, _ line: PaddedBytes, _ table: borrowing FieldTable) -> UInt128? {
    sum(fields, line, table)
  }

  @inline(__always)
  private func sum(_ fields: UInt64, _ line: PaddedBytes, _ table: borrowing FieldTable) -> UInt128? {
    // Safe: `init` made so many secrets for each field, and lengths are compared with them.
    unsafe secrets.withUnsafeBufferPointer { secrets in
      unsafe masks.withUnsafeBufferPointer { masks in
        var sum: UInt128 = 0
        var fields = fields
        while fields != 0 {
          let place = fields.trailingZeroBitCount
          fields &= fields &- 1
          let slice = table.slice(at: place)
          let secret = AttributeHash.ownSecrets &+ AttributeHash.fieldSecrets &* place
          let count = Int(slice.count)
          let start = Int(slice.start)
          guard count <= AttributeHash.longestValue else { return nil }
          // null and "-" are the same to the set, but not to the key: two keys may lead to equal sets.
          let header = UInt64(slice.kind.rawValue) << 32 | UInt64(UInt32(bitPattern: slice.count))
          unsafe sum = sum &+ UInt128(header) &* UInt128(secrets[secret])
          var offset = 0
          repeat {
            let mask = min(count &- offset, 16) &* 2
            let words = (line.word(start &+ offset), line.word(start &+ offset &+ 8))
            let piece = secret &+ 1 &+ offset >> 3
            let first = unsafe (words.0 & masks[mask]) &+ secrets[piece]
            let second = unsafe (words.1 & masks[mask &+ 1]) &+ secrets[piece &+ 1]
            sum = sum &+ UInt128(first) &* UInt128(second)
            offset = offset &+ 16
          } while offset < count
        }
        return sum
      }
    }
  }

  /// The key of a line with very long values, word by word.
  @inline(never)
  private func slowKey(
    _ line: PaddedBytes, _ table: borrowing FieldTable, _ own: HopOwn, salt: UInt64
  ) -> AttributeTable.Key {
    let words = own.words
    var high = secrets[0]
    var low = secrets[1]
    func add(_ word: UInt64) {
      high = Hash128.fold(high ^ word, secrets[2])
      low = Hash128.fold(low ^ word, secrets[3])
    }
    for word in [words.0, words.1, words.2, salt] { add(word) }
    add(table.present & fields)
    for field in Field.allCases where fields & 1 << UInt64(field.rawValue) != 0 {
      let slice = table[field]
      add(UInt64(slice.kind.rawValue) << 32 | UInt64(UInt32(bitPattern: slice.count)))
      let value = line.slice(slice.range)
      for offset in stride(from: 0, to: value.count, by: 8) { add(value.tail(offset)) }
    }
    return AttributeTable.Key(high: high, low: low)
  }
}
