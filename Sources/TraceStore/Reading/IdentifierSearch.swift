internal import Queries

/// A hop that has a request or trace id.
package struct IdentifierMatch: Sendable, Equatable {
  package var hop: Int64
  /// The whole id, as it was logged.
  package var identifier: String
}

extension StoreReader {
  /// Fewest hex digits that a search may start with; fewer would match by chance.
  package static var shortestPrefix: Int { 8 }

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
    let hash = ByteHash.of(text)
    found += try matches(first: hash, last: hash) { $0 == text && IdentifierText.parse($0.utf8) == nil }
    return found
  }

  private func matches(
    first: UInt64, last: UInt64, _ isWanted: (String) -> Bool
  ) throws -> [IdentifierMatch] {
    var found: [IdentifierMatch] = []
    let bounds: [String: SQLValue] = [
      "first": .integer(Int64(bitPattern: first)), "last": .integer(Int64(bitPattern: last)),
    ]
    try run(.identifierHops, bounds) { row in
      guard let hop = row.integer(0) else { return }
      for case let identifier? in [row.text(1), row.text(2)] where isWanted(identifier) {
        let match = IdentifierMatch(hop: hop, identifier: identifier)
        if found.last != match { found.append(match) }
      }
    }
    return found
  }
}
