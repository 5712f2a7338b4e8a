package import Correlation

/// What correlation said about one hop.
package struct StoredLink: Sendable, Equatable {
  /// The key of its trace's first hop.
  package var traceRoot: Int64
  package var parent: StoredClaim?
  /// The surest first.
  package var carriers: [StoredClaim] = []
  package var carrierStatus = CarrierStatus.unknown
  package var runnerUp: Int64?
  package var margin: Double?
  /// There is no parent because to find it takes more than is done for a hop.
  package var isUndecided = false
}

extension StoredLink {
  /// Carriers stay in their order: the surest first.
  mutating func add(_ carrier: StoredClaim) {
    carriers.append(carrier)
    carriers.sort { ($1.confidence, $0.target) < ($0.confidence, $1.target) }
  }

  /// From the columns of hop_link.sql, or the first ones of trace_links.sql.
  init(_ columns: inout RowCursor) {
    traceRoot = columns.number("trace")
    let target = columns.integer("parent")
    let confidence = columns.integer("parent_confidence")
    let evidence = columns.integer("parent_evidence")
    parent = StoredClaim(target: target, confidence: confidence, evidence: evidence)
    let carrier = StoredClaim(
      target: columns.integer("carrier"), confidence: columns.integer("carrier_confidence"),
      evidence: columns.integer("carrier_evidence"))
    carriers = carrier.map { [$0] } ?? []
    carrierStatus =
      CarrierStatus(rawValue: UInt8(clamping: columns.integer("carrier_status") ?? 0)) ?? .unknown
    isUndecided = parent == nil && (evidence ?? 0) << 11 & LinkClaims.undecided != 0
    runnerUp = columns.integer("runner_up")
    margin = columns.integer("margin").map { Double($0) / 10_000 }
  }
}
