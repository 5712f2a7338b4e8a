internal import Foundation

/// What chance alone does.
enum Chance {
  /// The value that χ² with so many degrees of freedom exceeds once in a thousand times: E. B. Wilson and M. M. Hilferty
  /// (PNAS 17, 1931).
  static func criticalChiSquare(freedom: Int) -> Double {
    let freedom = Double(max(1, freedom))
    let spread = 2 / (9 * freedom)
    let root = 1 - spread + ImbalanceLimits.significance * spread.squareRoot()
    return freedom * root * root * root
  }

  /// Whether counts differ from what was expected more than they do once in a thousand times.
  static func differs(_ counts: [Double], from expected: [Double]) -> Bool {
    let pairs = zip(counts, expected).filter { $0.1 > 0 }
    let square = pairs.reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
    return pairs.count > 1 && square > criticalChiSquare(freedom: pairs.count - 1)
  }

  /// Whether rows and columns of a table of counts depend on each other, once in a thousand times by chance.
  static func depend(_ table: [[Double]]) -> Bool {
    let rows = table.map { $0.reduce(0, +) }
    let columns = (table.first ?? []).indices.map { column in table.reduce(0) { $0 + $1[column] } }
    let total = rows.reduce(0, +)
    guard total > 0, rows.count > 1, columns.count > 1 else { return false }
    var square = 0.0
    for (row, counts) in table.enumerated() {
      for (column, count) in counts.enumerated() {
        let expected = rows[row] * columns[column] / total
        if expected > 0 { square += (count - expected) * (count - expected) / expected }
      }
    }
    return square > criticalChiSquare(freedom: (rows.count - 1) * (columns.count - 1))
  }

  /// Whether values are larger than others by rank, once in a thousand times by chance: Mann and Whitney's U, by its normal
  /// approximation.
  static func isLarger(_ values: [Double], _ others: [Double]) -> Bool {
    let (count, rest) = (Double(values.count), Double(others.count))
    guard count > 0, rest > 0 else { return false }
    let (own, sorted) = (values.sorted(), others.sorted())
    var (wins, below, notAbove) = (0.0, 0, 0)
    for value in own {
      while below < sorted.count, sorted[below] < value { below += 1 }
      notAbove = max(notAbove, below)
      while notAbove < sorted.count, sorted[notAbove] == value { notAbove += 1 }
      wins += Double(below) + Double(notAbove - below) / 2
    }
    let deviation = (count * rest * (count + rest + 1) / 12).squareRoot()
    return wins - count * rest / 2 > ImbalanceLimits.significance * deviation
  }

  /// Whether a count is below what was expected more than it is once in a thousand times by chance.
  static func isBelow(_ count: Double, _ expected: Double) -> Bool {
    expected - count > ImbalanceLimits.significance * expected.squareRoot() + 0.5
  }

  /// Whether a count is above what was expected more than it is once in a thousand times by chance; counts are rarely as small as
  /// to be far from the normal distribution.
  static func isAbove(_ count: Double, _ expected: Double) -> Bool {
    count - expected > ImbalanceLimits.significance * expected.squareRoot() + 1
  }

  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  static func logarithm(_ value: Double) -> Double { log(value) }
  static func exponential(_ value: Double) -> Double { exp(value) }
}
