internal import AccessLog

extension LegMatch {
  /// The links of each hop together: one outcome per hop of `hops` that is no proxy's. `hops` are in order of their ids.
  func outcomes(of hops: [Hop]) -> [HopOutcome] {
    var outcomes: [HopOutcome] = []
    outcomes.reserveCapacity(hops.count)
    var nextLink = 0
    var nextCarrier = 0
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
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func add(_ index: Int, to outcome: inout HopOutcome) {
    switch links[index].kind {
    case .parent: outcome.parent = links[index]
    case .via: outcome.carriers.append(links[index])
    }
    guard outcome.runnerUp == nil, index < reasons.count, let runnerUp = reasons[index].runnerUp else {
      return
    }
    outcome.runnerUp = runnerUp
    // What the chosen one does not have, the runner-up has at most.
    outcome.margin = max(0, 2 * links[index].confidence - 1)
  }
}
