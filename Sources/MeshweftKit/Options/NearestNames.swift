/// Which names a misspelt one may have stood for.
public struct NearestNames {
  /// The nearest first, three at most; empty where none is near.
  public let names: [String]

  /// Names that are offered at most.
  private static let most = 3
  /// Characters beyond which nobody types a name by hand.
  private static let longest = 100

  /// A name is as near as the nearest of its `forms`: by default it has one, itself.
  public init(_ typed: String, among names: [String], forms: (String) -> [String] = { [$0] }) {
    let typed = Array(typed.lowercased().unicodeScalars.prefix(NearestNames.longest))
    // A third of the letters may be wrong, and one of a short name.
    let limit = max(1, typed.count / 3)
    let distances = names.compactMap { name -> (Int, String)? in
      let found = forms(name).compactMap { form -> Int? in
        let form = Array(form.lowercased().unicodeScalars)
        // Who typed only the beginning may have meant it.
        let begins = typed.count >= 2 && form.starts(with: typed)
        return NearestNames.distance(typed, form, limit: limit) ?? (begins ? limit + 1 : nil)
      }
      return found.min().map { ($0, name) }
    }
    self.names = distances.sorted { $0 < $1 }.prefix(NearestNames.most).map { $0.1 }
  }

  /// Characters to insert, delete, replace or swap with their neighbour to make one text of the other (optimal string
  /// alignment); nil where that is more than `limit`.
  static func distance(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar], limit: Int) -> Int? {
    guard abs(one.count - other.count) <= limit else { return nil }
    var before: [Int] = []
    var last = Array(0...other.count)
    for row in one.indices {
      var next = [row + 1]
      for column in other.indices {
        let replaced = last[column] + (one[row] == other[column] ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
          best = min(best, before[column - 1] + 1)
        }
        next.append(best)
      }
      (before, last) = (last, next)
    }
    let distance = last[other.count]
    return distance <= limit ? distance : nil
  }
}
