internal import AccessLog
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

  /// The same as correlation says it; the trace is left open.
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

/// Reads links as they are stored. For one thread, within one `snapshot` of the reader.
package final class LinkFeed {
  private let inRange: RawStatement

  package init(_ reader: StoreReader) throws {
    inRange = try reader.connection.statement(
      "SELECT hop, parent, carrier, claims FROM link WHERE hop BETWEEN ? AND ?")
  }

  /// The links of a hop, by its key; nil where there are none.
  /// - Throws: `StoreError`
  package func link(ofHop key: Int64) throws -> HopLinks? {
    var found: HopLinks?
    try forEach(withKeys: key...key) { found = $0 }
    return found
  }

  /// The links of the hops that start in a range of microseconds since the epoch, and of some around it.
  /// - Throws: `StoreError`
  package func forEach(startingAround range: ClosedRange<Int64>, _ body: (HopLinks) -> Void) throws {
    try forEach(withKeys: HopKey.range(ofStarts: range), body)
  }

  private func forEach(withKeys keys: ClosedRange<Int64>, _ body: (HopLinks) -> Void) throws {
    inRange.bind(1, keys.lowerBound)
    inRange.bind(2, keys.upperBound)
    defer { inRange.reset() }
    while try inRange.step() {
      body(
        HopLinks(
          hop: inRange.integer(0), parent: inRange.optionalInteger(1), carrier: inRange.optionalInteger(2),
          claims: inRange.integer(3)))
    }
  }
}

extension StoreWriter {
  /// Writes parents, carriers and claims of hops whose links are there already; in the caller's transaction, where one is
  /// open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func setCarriers(_ links: [HopLinks]) throws(StoreError) {
    let update = try connection.statement("UPDATE link SET carrier = ?2, claims = ?3 WHERE hop = ?1")
    try transaction { (_) throws(SQLiteFailure) in
      for link in links {
        update.bind(1, link.hop)
        update.bind(2, link.carrier)
        update.bind(3, link.claims)
        try update.run()
      }
    }
  }
}
