/// A claim that one hop belongs to another, with how sure it is and why.
package struct Link: Sendable {
  package enum Kind: UInt8, Sendable {
    /// `hop` (a server hop) answers `target` (the client hop that sent the request), or `hop` (a client hop)
    /// was caused by `target` (the server hop of the leg before).
    case parent = 1
    /// `hop` (client or server) went over `target` (the proxy hop, its carrier).
    case via = 2
  }

  package var kind: Kind
  /// The id of the hop that the claim is about.
  package var hop: Int64
  /// The id of the hop that it belongs to.
  package var target: Int64
  /// A calibrated probability, 0 to 1: of all links given 0.9, 90 % are right.
  package var confidence: Double
  package var evidence: Evidence

  package init(kind: Kind, hop: Int64, target: Int64, confidence: Double, evidence: Evidence) {
    self.kind = kind
    self.hop = hop
    self.target = target
    self.confidence = confidence
    self.evidence = evidence
  }
}
