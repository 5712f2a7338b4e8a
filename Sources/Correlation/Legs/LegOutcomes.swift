extension LegMatch {
  /// The links of each hop together: one outcome per client and server hop, by id.
  func outcomes() -> [HopOutcome] {
    var outcomes: [HopOutcome] = []
    outcomes.reserveCapacity(carriers.count)
    var next = 0
    for carrier in carriers {
      var outcome = HopOutcome(hop: carrier.hop)
      outcome.carrierStatus = carrier.status
      while next < links.count, links[next].hop < carrier.hop { next += 1 }
      while next < links.count, links[next].hop == carrier.hop {
        add(next, to: &outcome)
        next += 1
      }
      outcome.carriers.sort { ($1.confidence, $0.target) < ($0.confidence, $1.target) }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func add(_ index: Int, to outcome: inout HopOutcome) {
    switch links[index].kind {
    case .parent: outcome.parent = links[index]
    case .via: outcome.carriers.append(links[index])
    }
    guard outcome.runnerUp == nil, let runnerUp = reasons[index].runnerUp else { return }
    outcome.runnerUp = runnerUp
    // The odds of the runner-up are e to the minus margin; the lead is the difference of the two chances.
    outcome.margin = links[index].confidence - (1 - links[index].confidence)
  }
}
