/// What the hashes of one database depend on and nobody knows who writes the logs (docs/explanation/decisions/0011-keyed-hashes.md).
package struct HashSecret: Sendable, Equatable {
  /// How a database names its lines.
  package enum Lines: Int64, Sendable {
    /// By a hash that anybody can compute: databases that were made before schema 6. Their lines are known again.
    case open = 1
    /// By a keyed one, of the line and its source as it was told: databases of schema 6.
    case keyed = 2
    /// By a keyed one, of the line's body alone, whoever is said to have written it.
    case body = 3
  }

  /// What secrets are derived for; numbers are never used again for something else.
  package enum Purpose: UInt64 {
    case lines = 1
    case sources = 2
    case texts = 3
    case attributeSets = 4
    case contents = 5
    case connections = 6
  }

  package let key: SipKey
  package let lines: Lines

  package init(key: SipKey, lines: Lines) {
    self.key = key
    self.lines = lines
  }

  /// For whoever has no database: the same for the whole process.
  package static let ofProcess = HashSecret(key: .random(), lines: .body)

  package func key(for purpose: Purpose) -> SipKey {
    let words = key.words(2, for: purpose.rawValue)
    return SipKey(words[0], words[1])
  }

  /// For hashes of so many words.
  package func words(_ count: Int, for purpose: Purpose) -> MultilinearHash {
    MultilinearHash(key(for: purpose), words: count, purpose: purpose.rawValue)
  }
}
