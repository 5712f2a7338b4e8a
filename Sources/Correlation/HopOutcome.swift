/// What correlation found out about one hop of role client or server (or gateway).
package struct HopOutcome: Sendable {
  /// The hop's id.
  package var hop: Int64
  /// The id of the first hop of its trace; its own where it is the first.
  package var traceRoot: Int64
  package var parent: Link?
  /// Of kind `via`, the surest first: several where a request was tried over several connections.
  package var carriers: [Link] = []
  package var carrierStatus = CarrierStatus.unknown
  /// The second-best answer for the parent (or, without one, the carrier), and by how much it was beaten, 0 to 1.
  package var runnerUp: Int64?
  package var margin: Double?

  package init(hop: Int64) {
    self.hop = hop
    traceRoot = hop
  }
}
