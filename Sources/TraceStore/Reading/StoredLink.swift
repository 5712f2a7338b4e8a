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

  /// From the columns of hop_link.sql.
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

  /// From columns of a row of `link`.
  init(traceRoot: Int64, parent: Int64?, carrier: Int64?, claims: Int64) {
    self.traceRoot = traceRoot
    let evidence = UInt16(claims >> 11 & 255)
    self.parent = parent.map {
      StoredClaim(
        target: $0, confidence: Double(10_000 - (claims >> 33)) / 10_000,
        evidence: Evidence(rawValue: evidence))
    }
    if let carrier {
      carriers = [
        StoredClaim(
          target: carrier, confidence: Double(10_000 - (claims >> 19 & 16_383)) / 10_000,
          evidence: Evidence(rawValue: UInt16(claims >> 3 & 255)))
      ]
    }
    carrierStatus = CarrierStatus(rawValue: UInt8(claims & 7)) ?? .unknown
    isUndecided = parent == nil && Int64(evidence) << 11 & LinkClaims.undecided != 0
  }
}
