internal import Correlation

/// How sure a row's links are and why, in one number of six bytes: what five columns would say costs a third of a
/// row's time and ten bytes (docs/explanation/decisions/0003-storage-layout.md).
///
/// From the lowest bit: carrier status (3 bits), evidence of the carrier and of the parent (8 each), doubt of the carrier
/// and of the parent in ten-thousandths (14 each). Doubts are small, and so is the number then. The view `links` and
/// hop_link.sql read it in SQL.
enum LinkClaims {
  static func ofCarrier(_ link: Link) -> Int64 { evidence(link) << 3 | doubt(link) << 19 }

  static func ofParent(_ link: Link) -> Int64 { evidence(link) << 11 | doubt(link) << 33 }

  /// The eighth bit of the parent's evidence, which no evidence has: there is no parent because to find it takes too much.
  static let undecided: Int64 = 1 << 18

  /// The bits that say something about the carrier, and about the parent.
  static let carrierMask: Int64 = 0xFF << 3 | 0x3FFF << 19
  static let parentMask: Int64 = 0xFF << 11 | 0x3FFF << 33

  private static func doubt(_ link: Link) -> Int64 { 10_000 - tenThousandths(link.confidence) }

  private static func evidence(_ link: Link) -> Int64 { Int64(link.evidence.rawValue & 0xFF) }

  static func tenThousandths(_ probability: Double) -> Int64 {
    probability.isNaN ? 0 : Int64((min(max(probability, 0), 1) * 10_000).rounded())
  }
}
