/// Hops in, what belongs to what out: legs first, then what happened inside an app, then whole traces.
package struct Correlator: Sendable {
  package init() {}

  /// What a set of hops says when it is looked at as a whole.
  package struct Result: Sendable {
    /// One for each client and server hop, by id.
    package var outcomes: [HopOutcome]
    /// One for each ordered pair of mesh clusters that requests went between.
    package var clocks: [ClockEstimate]
    /// `LegMatch.waiting`, and nil where hops say less than they seem to.
    package var waiting: Int?
  }

  /// Links `hops`, in whatever order they come: the result is a function of the set.
  ///
  /// `own` are starts of the hops whose outcomes are wanted, microseconds since the epoch; the others only stand around
  /// them. nil is all.
  /// `scopes`: addresses that are not the same everywhere.
  /// `names`: what is known of the addresses and services that ztunnels name.
  /// - Complexity: O(n log n).
  package func correlate(
    _ hops: consuming [Hop], own: ClosedRange<Int64>? = nil, scopes: AddressScopes = AddressScopes(),
    names: TunnelNames = TunnelNames()
  ) -> Result {
    var sorted = hops
    if !Correlator.areInOrder(sorted) { sorted.sort { $0.id < $1.id } }
    assert(Correlator.areInOrder(sorted))
    let isPlain = !scopes.apply(to: &sorted) && Correlator.arePlain(sorted)
    PodAddresses.separate(&sorted)
    AddressKey.dropMasked(&sorted)
    var match = GatewayHalves.match(sorted, own: own)
    Tunnels.link(sorted, names, &match.outcomes)
    assert(match.outcomes.isOrdered { $0.hop < $1.hop }, "one outcome for each hop, by id")
    // A connection outlives what an app did with it: it is nobody's call.
    let requests = sorted.contains { $0.isConnection } ? sorted.filter { !$0.isConnection } : sorted
    Correlator.add(AppMatcher().match(requests, onlyCalled: true), to: &match.outcomes)
    TraceRoots.assign(&match.outcomes)
    assert(match.outcomes.allSatisfy { $0.parent.map { (0...1).contains($0.confidence) } ?? true })
    return Result(
      outcomes: match.outcomes, clocks: match.clocks, waiting: isPlain ? match.waiting : nil)
  }

  /// Whether every hop names its workload and no address is masked.
  private static func arePlain(_ hops: [Hop]) -> Bool {
    for place in hops.indices where hops[place].workload < 0 || AddressKey.hasMasked(hops[place]) {
      return false
    }
    return true
  }

  private static func areInOrder(_ hops: [Hop]) -> Bool {
    for place in hops.indices.dropFirst() where hops[place - 1].id > hops[place].id { return false }
    return true
  }

  /// Calls get the requests that caused them as parents. Both lists are in the order of the hops' ids.
  private static func add(_ calls: [AppLink], to outcomes: inout [HopOutcome]) {
    assert(calls.isOrdered { $0.client <= $1.client })
    var index = 0
    for call in calls {
      while index < outcomes.count, outcomes[index].hop < call.client { index += 1 }
      guard index < outcomes.count, outcomes[index].hop == call.client else { continue }
      outcomes[index].isUndecided = call.isUndecided
      if call.server == nil, call.runnerUp == nil { continue }
      outcomes[index].parent = call.link
      outcomes[index].runnerUp = call.runnerUp
      outcomes[index].margin = call.runnerUp == nil ? nil : call.margin
    }
  }
}
