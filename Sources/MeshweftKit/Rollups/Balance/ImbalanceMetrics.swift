/// How unevenly something is spread over hosts.
///
/// For shares pᵢ of n hosts with mean m and (population) standard deviation s: max/mean; effective hosts 1/Σpᵢ²
/// (the inverse Herfindahl–Hirschman index); CV s/m; Gini Σᵢ Σⱼ |xᵢ − xⱼ| / 2n²m; Jain's fairness index
/// (Σx)²/nΣx² (R. Jain et al., DEC-TR-301, 1984).
struct ImbalanceMetrics: Sendable, Equatable {
  var total: Double
  var hosts: Int
  var maxOverMean: Double
  var effectiveHosts: Double
  var topShare: Double
  var cv: Double
  var gini: Double
  var jain: Double
  /// CV that an even random choice would give: √((n−1)/N) for N independent choices (multinomial). Nil where it is
  /// not known how many there were.
  var noiseCV: Double?

  /// - Parameters:
  ///   - values: one per host, idle ones included; none negative.
  ///   - others: hosts with nothing that are not among them.
  ///   - choices: how many times a host was chosen independently.
  init(_ values: [Double], others: Int = 0, choices: Double?) {
    let total = values.reduce(0, +)
    hosts = values.count + others
    let count = Double(hosts)
    let mean = count > 0 ? total / count : 0
    self.total = total
    let squares = values.reduce(0) { $0 + $1 * $1 }
    maxOverMean = mean > 0 ? (values.max() ?? 0) / mean : 0
    effectiveHosts = squares > 0 ? total * total / squares : 0
    topShare = total > 0 ? (values.max() ?? 0) / total : 0
    let deviations = values.reduce(Double(others) * mean * mean) { $0 + ($1 - mean) * ($1 - mean) }
    cv = mean > 0 ? (deviations / max(1, count)).squareRoot() / mean : 0
    gini = ImbalanceMetrics.gini(values, others, total)
    jain = squares > 0 ? total * total / (count * squares) : 1
    noiseCV = choices.flatMap { $0 > 0 && count > 0 ? ((count - 1) / $0).squareRoot() : nil }
  }

  /// From the sorted values: Σ (2i − n − 1) xᵢ / n Σx; so many others are 0 and come first.
  private static func gini(_ values: [Double], _ others: Int, _ total: Double) -> Double {
    guard total > 0 else { return 0 }
    let count = Double(values.count + others)
    let weighted = values.sorted().enumerated().reduce(0.0) { sum, next in
      sum + (2 * Double(others + next.offset + 1) - count - 1) * next.element
    }
    return weighted / (count * total)
  }

  /// Spread more than even random choices would be, and so much that it matters.
  var isUneven: Bool { isSignificant && maxOverMean >= ImbalanceLimits.maxOverMean }

  /// Beyond what chance does once in a thousand times.
  var isSignificant: Bool { criticalCV.map { cv > $0 } ?? (cv > 0) }

  /// Whether an imbalance that matters would have stood out from chance.
  var couldTell: Bool { criticalCV.map { $0 <= ImbalanceLimits.maxOverMean - 1 } ?? false }

  /// The CV that even choices exceed once in a thousand times: CV²·N is χ² distributed with n − 1 degrees of freedom
  /// then; the quantile is E. B. Wilson and M. M. Hilferty's (PNAS 17, 1931).
  private var criticalCV: Double? {
    guard hosts > 1, let noiseCV, noiseCV > 0 else { return nil }
    let freedom = Double(hosts - 1)
    let spread = 2 / (9 * freedom)
    let root = 1 - spread + ImbalanceLimits.significance * spread.squareRoot()
    return noiseCV * (root * root * root).squareRoot()
  }
}
