internal import AccessLog
internal import Queries

extension StoreReader {
  /// Fewest hex digits that a search may start with; fewer would match by chance.
  package static var shortestPrefix: Int { StoreLimits.identifierPrefix }

  /// Hops whose request or trace id is `text`, or starts with it where it is 8 or more hex digits (dashes and the
  /// digits' case do not count). Other ids must be given whole.
  ///
  /// One seek per run of the index. Several different `identifier`s among the matches mean: ambiguous.
  /// - Returns: in the order of the hops' keys.
  package func hops(withIdentifier text: String) throws -> [IdentifierMatch] {
    var found: [IdentifierMatch] = []
    let digits = text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") }
    let values = digits.compactMap(IdentifierText.hexDigit)
    let isPrefix = values.count == digits.count && (StoreReader.shortestPrefix...32).contains(digits.count)
    if isPrefix {
      let key = values.prefix(16).reduce(UInt64(0)) { $0 << 4 | $1 } << UInt64(64 - 4 * min(values.count, 16))
      let rest = values.count >= 16 ? 0 : UInt64.max >> UInt64(4 * values.count)
      found += try matches(first: key, last: key | rest) { identifier in
        IdentifierText.parse(identifier.utf8) != nil
          && identifier.utf8.filter { $0 != UInt8(ascii: "-") }.starts(with: digits)
      }
    }
    // What reads as 128 bits is never there by its hash.
    guard IdentifierText.parse(text.utf8) == nil else { return found }
    let secret = try connection.hashSecret()
    var hashes = [secret.key(for: .texts).hash(text)]
    // Those that were stored before schema 6.
    if secret.lines == .open { hashes.append(OpenHash.of(text)) }
    for hash in hashes {
      for match in try matches(first: hash, last: hash, { $0 == text }) where !found.contains(match) {
        found.append(match)
      }
    }
    return hashes.count > 1 ? found.sorted { $0.hop < $1.hop } : found
  }

  private func matches(
    first: UInt64, last: UInt64, _ isWanted: (String) -> Bool
  ) throws -> [IdentifierMatch] {
    let keys = IdentifierEntry.key(of: first)...IdentifierEntry.key(of: last)
    var found: [IdentifierMatch] = []
    for hop in try hops(withKeys: keys) {
      try run(.hopIdentifiers, ["id": .integer(hop)]) { row in
        for case let identifier? in [row.text(0), row.text(1)] where isWanted(identifier) {
          let match = IdentifierMatch(hop: hop, identifier: identifier)
          if found.last != match { found.append(match) }
        }
      }
    }
    return found
  }

  /// Hops that the index has under keys in a range: the sought ones, and hardly ever others whose ids start alike.
  private func hops(withKeys keys: ClosedRange<Int64>) throws -> [Int64] {
    var hops: Set<Int64> = []
    let bounds: [String: SQLValue] = ["first": .integer(keys.lowerBound), "last": .integer(keys.upperBound)]
    try run(.identifierBlocks, bounds) { row in
      let base = row.integer(0) ?? 0
      let firstKey = row.integer(1) ?? 0
      row.withBytes(2) { bytes in
        IdentifierBlock.forEach(in: bytes, firstKey: firstKey, base: base) { entry in
          guard entry.key <= keys.upperBound else { return false }
          if entry.key >= keys.lowerBound { hops.insert(entry.hop) }
          return true
        }
      }
    }
    return hops.sorted()
  }
}
