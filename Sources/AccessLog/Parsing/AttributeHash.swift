/// The key of a line's attribute set: one hash over the raw values of its fields.
///
/// The fast path of `AttributeReader`: valid because sets with the same key are the same, but for a chance of 2^-64 for
/// each two of them: the sum of products of words with secret numbers added (NH, from UMAC: Black, Halevi, Krawczyk,
/// Krovetz, Rogaway, CRYPTO 1999), over two words for each 16 bytes and one for each value's kind and length. All
/// products are independent of each other, so the processor works on several at once: half the time of a hash that
/// goes from word to word. Values longer than the secrets reach are hashed by words.
@safe
struct AttributeHash: ~Copyable {
  /// The fields, a set bit for each: `1 << rawValue`.
  private let fields: UInt64
  /// What nobody outside knows, new for each parser: attribute sets cannot be made to share a key. In order: those of
  /// the row's own numbers and the fields that are there; of each field's length and its first 16 bytes; of what is
  /// beyond them.
  private let secrets: [UInt64]
  /// By a value's length up to 16, which bits of its first two words belong to it.
  private let masks: [UInt64]

  private static let ownSecrets = 5
  private static let fieldSecrets = 3 * Field.allCases.count
  /// Pieces of 16 bytes, beyond the first one of each field, that a line may have in all.
  private static let morePieces = 256

  init(fields: [Field]) {
    self.fields = fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    let count = AttributeHash.ownSecrets + AttributeHash.fieldSecrets + 2 * AttributeHash.morePieces
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
  func key(
    _ line: PaddedBytes, _ table: borrowing FieldTable, _ own: HopOwn, salt: UInt64
  ) -> AttributeTable.Key {
    // Safe: the secrets are as many as `init` made for these fields, and pieces are counted.
    unsafe secrets.withUnsafeBufferPointer { secrets in
      unsafe masks.withUnsafeBufferPointer { masks in
        let words = own.words
        var sum = unsafe UInt128(words.0 &+ secrets[0]) &* UInt128(words.1 &+ secrets[1])
        sum = unsafe sum &+ UInt128(words.2) &* UInt128(secrets[2]) &+ UInt128(salt) &* UInt128(secrets[3])
        var fields = table.present & self.fields
        sum = unsafe sum &+ UInt128(fields) &* UInt128(secrets[4])
        var more = AttributeHash.ownSecrets &+ AttributeHash.fieldSecrets
        while fields != 0 {
          let place = fields.trailingZeroBitCount
          fields &= fields &- 1
          let slice = table.slice(at: place)
          let secret = AttributeHash.ownSecrets &+ 3 &* place
          let count = Int(slice.count)
          let start = Int(slice.start)
          // null and "-" are the same to the set, but not to the key: two keys may lead to equal sets.
          let header = UInt64(slice.kind.rawValue) << 32 | UInt64(UInt32(bitPattern: slice.count))
          let mask = min(count, 16) &* 2
          unsafe sum = sum &+ UInt128(header) &* UInt128(secrets[secret])
          let first = unsafe (line.word(start) & masks[mask]) &+ secrets[secret &+ 1]
          let second = unsafe (line.word(start &+ 8) & masks[mask &+ 1]) &+ secrets[secret &+ 2]
          sum = sum &+ UInt128(first) &* UInt128(second)
          if count > 16 {
            guard count <= 16 &* AttributeHash.morePieces else {
              return slowKey(line, table, own, salt: salt)
            }
            var offset = 16
            while offset < count {
              guard more &+ 1 < secrets.count else { return slowKey(line, table, own, salt: salt) }
              let mask = min(count &- offset, 16) &* 2
              let first = unsafe (line.word(start &+ offset) & masks[mask]) &+ secrets[more]
              let second = unsafe (line.word(start &+ offset &+ 8) & masks[mask &+ 1]) &+ secrets[more &+ 1]
              sum = sum &+ UInt128(first) &* UInt128(second)
              more = more &+ 2
              offset = offset &+ 16
            }
          }
        }
        return AttributeTable.Key(
          high: UInt64(truncatingIfNeeded: sum >> 64), low: UInt64(truncatingIfNeeded: sum))
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
