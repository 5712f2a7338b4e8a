/// What correlation found out about one hop of role client or server (or gateway).
package struct HopOutcome: Sendable {
  /// The hop's id.
  package var hop: Int64
  /// The id of the first hop of its trace; its own where it is the first.
  package var traceRoot: Int64
  package var parent: Link?
  /// Of kind `via`, the surest first: several where a request was tried over several connections.
  package var carriers: LinkList
  package var carrierStatus: CarrierStatus
  /// The second-best answer for the parent (or, without one, the carrier), and by how much it was beaten, 0 to 1.
  package var runnerUp: Int64?
  package var margin: Double?
  /// There is no parent because to find it takes more than is done for a hop (`CorrelationLimits`); it may have one.
  package var isUndecided = false

  package init(
    hop: Int64, traceRoot: Int64? = nil, parent: Link? = nil, carriers: LinkList = [],
    carrierStatus: CarrierStatus = .unknown, runnerUp: Int64? = nil, margin: Double? = nil
  ) {
    self.hop = hop
    self.traceRoot = traceRoot ?? hop
    self.parent = parent
    self.carriers = carriers
    self.carrierStatus = carrierStatus
    self.runnerUp = runnerUp
    self.margin = margin
  }
}
