package import Correlation

/// A claim about a hop, as it was stored: confidence in ten-thousandths is exact enough for a probability.
package struct StoredClaim: Sendable, Equatable {
  /// The key of the hop that it points to.
  package var target: Int64
  package var confidence: Double
  package var evidence: Evidence
}

extension StoredClaim {
  /// From three columns; nil without a target.
  init?(target: Int64?, confidence: Int64?, evidence: Int64?) {
    guard let target else { return nil }
    self.target = target
    self.confidence = Double(confidence ?? 0) / 10_000
    self.evidence = Evidence(rawValue: UInt16(clamping: evidence ?? 0))
  }

  /// From the columns of hop_extra_carriers.sql.
  init?(_ columns: inout RowCursor) {
    self.init(
      target: columns.integer("carrier"), confidence: columns.integer("confidence"),
      evidence: columns.integer("evidence"))
  }
}
