internal import AccessLog

extension LegMatch {
  /// The links of each hop together: one outcome per hop of `hops` that is no proxy's. `hops` are in order of their ids.
  func outcomes(of hops: [Hop]) -> [HopOutcome] {
    var outcomes: [HopOutcome] = []
    outcomes.reserveCapacity(hops.count)
    var nextLink = 0
    var nextCarrier = 0
    var nextReason = 0
    for hop in hops where hop.role != .proxy {
      var outcome = HopOutcome(hop: hop.id)
      while nextCarrier < carriers.count, carriers[nextCarrier].hop < hop.id { nextCarrier += 1 }
      if nextCarrier < carriers.count, carriers[nextCarrier].hop == hop.id {
        outcome.carrierStatus = carriers[nextCarrier].status
      }
      while nextLink < links.count, links[nextLink].hop < hop.id { nextLink += 1 }
      while nextLink < links.count, links[nextLink].hop == hop.id {
        add(nextLink, to: &outcome)
        nextLink += 1
      }
      if outcome.carriers.count > 1 {
        outcome.carriers.sort { ($1.confidence, $0.target) < ($0.confidence, $1.target) }
      }
      while nextReason < reasons.count, reasons[nextReason].hop <= hop.id {
        if reasons[nextReason].hop == hop.id { add(reasons[nextReason], to: &outcome) }
        nextReason += 1
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func add(_ index: Int, to outcome: inout HopOutcome) {
    switch links[index].kind {
    case .parent: outcome.parent = links[index]
    case .via: outcome.carriers.append(links[index])
    }
  }

  /// The runner-up of the parent, or of the carrier where there is no parent. From log odds to a difference of
  /// probabilities: of odds of `exp(margin)` to one against it, the runner-up has `confidence * exp(-margin)`.
  private func add(_ reason: LegReason, to outcome: inout HopOutcome) {
    let link = outcome.parent ?? outcome.carriers.first
    guard let link, link.kind == reason.kind, outcome.runnerUp == nil else { return }
    outcome.runnerUp = reason.runnerUp
    outcome.margin = link.confidence * (1 - Logarithm.exponential(-max(0, reason.margin)))
  }
}
