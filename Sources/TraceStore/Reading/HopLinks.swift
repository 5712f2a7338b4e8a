package import Correlation

/// What is stored about the links of one hop, but for its runner-up and further carriers.
package struct HopLinks: Sendable, Equatable {
  package var hop: Int64
  package var parent: Int64?
  package var carrier: Int64?
  /// `LinkClaims`
  var claims: Int64

  package var carrierStatus: CarrierStatus {
    CarrierStatus(rawValue: UInt8(claims & LinkClaims.statusMask)) ?? .unknown
  }

  package var parentEvidence: Evidence { LinkClaims.parentEvidence(claims) }
  package var carrierEvidence: Evidence { LinkClaims.carrierEvidence(claims) }
  /// In steps of ten-thousandths; meaningless without a parent.
  package var parentConfidence: Double { LinkClaims.parentConfidence(claims) }

  /// Whether a border was crossed, and the carrier is not known.
  package var isWaiting: Bool { carrier == nil && carrierStatus != .direct && carrierStatus != .linked }

  /// Links a carrier where there was none.
  package mutating func setCarrier(_ link: Link) {
    carrier = link.target
    claims =
      claims & LinkClaims.parentMask | Int64(CarrierStatus.linked.rawValue) | LinkClaims.ofCarrier(link)
  }

  /// Lets its carrier's status be that of another hop's.
  package mutating func setStatus(of other: HopLinks) {
    claims = claims & ~LinkClaims.statusMask | other.claims & LinkClaims.statusMask
  }

  /// The links as correlation says them; the trace is left open.
  package var outcome: HopOutcome {
    var outcome = HopOutcome(hop: hop, carrierStatus: carrierStatus)
    outcome.isUndecided = parent == nil && claims & LinkClaims.undecided != 0
    outcome.parent = parent.map {
      Link(kind: .parent, hop: hop, target: $0, confidence: parentConfidence, evidence: parentEvidence)
    }
    if let carrier {
      outcome.carriers.append(
        Link(
          kind: .via, hop: hop, target: carrier, confidence: LinkClaims.carrierConfidence(claims),
          evidence: carrierEvidence))
    }
    return outcome
  }
}

extension LinkClaims {
  static let statusMask: Int64 = 7

  static func carrierEvidence(_ claims: Int64) -> Evidence {
    Evidence(rawValue: UInt16(claims >> 3 & 0xFF))
  }

  static func parentEvidence(_ claims: Int64) -> Evidence {
    Evidence(rawValue: UInt16(claims >> 11 & 0xFF))
  }

  static func carrierConfidence(_ claims: Int64) -> Double {
    Double(10_000 - claims >> 19 & 0x3FFF) / 10_000
  }

  static func parentConfidence(_ claims: Int64) -> Double {
    Double(10_000 - claims >> 33 & 0x3FFF) / 10_000
  }
}
