package import Correlation

/// A claim about a hop, as it was stored: confidence in ten-thousandths is exact enough for a probability.
package struct StoredClaim: Sendable, Equatable {
  /// The key of the hop that it points to.
  package var target: Int64
  package var confidence: Double
  package var evidence: Evidence
}

extension StoredClaim {
  /// From three columns: target, confidence, evidence.
  init?(_ row: SQLRow, at column: Int) {
    guard let target = row.integer(column) else { return nil }
    self.target = target
    confidence = Double(row.integer(column + 1) ?? 0) / 10_000
    evidence = Evidence(rawValue: UInt16(clamping: row.integer(column + 2) ?? 0))
  }
}
