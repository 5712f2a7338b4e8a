internal import AccessLog

/// A gateway's hop as the two that it is: a server for who called it, a client for whom it calls.
///
/// Each half is a hop of its own while legs are matched, so that no step has to know of gateways; what is found out about
/// both is the gateway's in the end. Halves have mesh clusters of their own, beside those of other hops: what is learned about
/// times between two mesh clusters is of one kind of leg then, and a gateway's halves are never taken for each other.
struct GatewayHalves {
  /// In the order of the hops that they are of; their ids are their places, a gateway's server half first.
  private var hops: [Hop] = []
  /// By place: the id of the hop that it is, or is a half of.
  private var ids: [Int64] = []
  /// Mesh clusters from this number on are of server halves, from twice the number on of client halves.
  private let firstCluster: Int32

  /// Matches the legs of hops in the order of their ids; see `LegMatcher.match`.
  static func match(_ sorted: [Hop], own: ClosedRange<Int64>?) -> LegMatch {
    guard sorted.contains(where: { $0.role == .gateway }) else { return LegMatcher().match(sorted, own: own) }
    let halves = GatewayHalves(sorted)
    return halves.joined(LegMatcher().match(halves.hops, own: own))
  }

  private init(_ sorted: [Hop]) {
    firstCluster = (sorted.lazy.map(\.meshCluster).max() ?? -1) + 2
    hops.reserveCapacity(sorted.count + 16)
    for hop in sorted where ids.last != hop.id || hops.isEmpty {
      if hop.role == .gateway {
        append(server(hop), hop.id)
        append(client(hop), hop.id)
      } else {
        append(hop, hop.id)
      }
    }
  }

  private mutating func append(_ hop: Hop, _ id: Int64) {
    hops.append(hop)
    hops[hops.count - 1].id = Int64(ids.count)
    ids.append(id)
  }

  private func server(_ gateway: Hop) -> Hop {
    var half = gateway
    half.role = .server
    half.meshCluster += firstCluster + 1
    half.traits.insert(.half)
    half.service = gateway.calledAs
    return half
  }

  private func client(_ gateway: Hop) -> Hop {
    var half = gateway
    half.role = .client
    half.meshCluster += 2 * firstCluster + 1
    half.traits.insert(.half)
    return half
  }

  /// A match of halves as one of whole hops, under the hops' own ids.
  private func joined(_ match: LegMatch) -> LegMatch {
    var joined = match
    joined.waiting = nil
    joined.clocks = clocks(match.clocks)
    joined.outcomes = []
    joined.outcomes.reserveCapacity(match.outcomes.count)
    for outcome in match.outcomes {
      let own = renamed(outcome)
      if joined.outcomes.last?.hop == own.hop {
        joined.outcomes[joined.outcomes.count - 1].add(clientHalf: own)
      } else {
        joined.outcomes.append(own)
      }
    }
    return joined
  }

  /// Of pairs that are one without halves the one with most samples.
  private func clocks(_ estimates: [ClockEstimate]) -> [ClockEstimate] {
    var best: [ClockEstimate] = []
    for estimate in estimates {
      var own = estimate
      own.clientCluster = meshCluster(estimate.clientCluster)
      own.serverCluster = meshCluster(estimate.serverCluster)
      let known = best.firstIndex {
        $0.clientCluster == own.clientCluster && $0.serverCluster == own.serverCluster
      }
      if let known {
        if best[known].samples < own.samples { best[known] = own }
      } else {
        best.append(own)
      }
    }
    return best.sorted { ($0.clientCluster, $0.serverCluster) < ($1.clientCluster, $1.serverCluster) }
  }

  /// Of all hops of a number the mesh cluster that it is.
  private func meshCluster(_ number: Int32) -> Int32 {
    number < firstCluster
      ? number : number < 2 * firstCluster ? number - firstCluster - 1 : number - 2 * firstCluster - 1
  }

  private func renamed(_ outcome: HopOutcome) -> HopOutcome {
    var renamed = outcome
    renamed.hop = ids[Int(outcome.hop)]
    renamed.traceRoot = ids[Int(outcome.traceRoot)]
    renamed.parent = outcome.parent.map { self.renamed($0) }
    for place in renamed.carriers.indices { renamed.carriers[place] = self.renamed(outcome.carriers[place]) }
    renamed.runnerUp = outcome.runnerUp.map { ids[Int($0)] }
    return renamed
  }

  private func renamed(_ link: Link) -> Link {
    var renamed = link
    renamed.hop = ids[Int(link.hop)]
    renamed.target = ids[Int(link.target)]
    return renamed
  }
}

extension HopOutcome {
  /// What was found out about the other half of a gateway: whom it called. Its own connection comes first, then that
  /// on which it was called.
  fileprivate mutating func add(clientHalf other: HopOutcome) {
    let inbound = carriers
    carriers = other.carriers
    for link in inbound where !other.carriers.contains(where: { $0.target == link.target }) {
      carriers.append(link)
    }
    carrierStatus = other.carrierStatus
    guard parent == nil, runnerUp == nil else { return }
    (runnerUp, margin) = (other.runnerUp, other.margin)
  }
}
