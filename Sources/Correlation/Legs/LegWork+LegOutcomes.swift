internal import AccessLog

extension LegWork {
  /// What the links say about each hop that is no proxy's, in order of their ids.
  /// `statuses`: by position.
  func outcomes(_ statuses: [CarrierStatus]) -> [HopOutcome] {
    assert(statuses.count == table.hops.count)
    var contested = links.contested.sorted { ($0.hop, $0.kind.rawValue) < ($1.hop, $1.kind.rawValue) }[...]
    var outcomes: [HopOutcome] = []
    outcomes.reserveCapacity(table.hops.count - table.proxies.count)
    for position in table.hops.indices where table.hops[position].role != .proxy {
      var outcome = HopOutcome(hop: table.hops[position].id)
      let role = table.hops[position].role
      if role == .client || role == .server { outcome.carrierStatus = statuses[position] }
      if let link = link(.parent, of: position, in: links.parent) { outcome.parent = link }
      if let link = link(.via, of: position, in: links.carrier) { outcome.carriers.append(link) }
      while let next = contested.first, Int(next.hop) <= position {
        if Int(next.hop) == position { add(next, to: &outcome) }
        contested.removeFirst()
      }
      outcome.isUndecided =
        outcome.parent == nil && !links.undecided.isEmpty && links.undecided.contains(Int32(position))
      outcomes.append(consume outcome)
    }
    return outcomes
  }

  private func link(_ kind: Link.Kind, of position: Int, in column: LinkTable.Column) -> Link? {
    let target = column.target[position]
    if target < 0 { return nil }
    return Link(
      kind: kind, hop: table.hops[position].id, target: table.hops[Int(target)].id,
      confidence: Double(column.confidence[position]), evidence: Evidence(rawValue: column.evidence[position])
    )
  }

  /// The runner-up of the parent, or of the carrier where there is no parent. From log odds to a difference of
  /// probabilities: of odds of `exp(margin)` to one against it, the runner-up has `confidence * exp(-margin)`.
  private func add(_ reason: LinkTable.Contested, to outcome: inout HopOutcome) {
    let link = outcome.parent ?? outcome.carriers.first
    guard let link, link.kind == reason.kind, outcome.runnerUp == nil else { return }
    outcome.runnerUp = table[reason.runnerUp].id
    outcome.margin = link.confidence * (1 - Logarithm.exponential(-max(0, reason.margin)))
  }
}
