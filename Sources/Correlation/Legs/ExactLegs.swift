internal import AccessLog

/// Legs by exact joins: equal request ids at both ends, equal addresses of one TCP connection, and both together.
///
/// Works on hops sorted by id and on indices into them. Facts behind each step are cited where it is taken.
struct ExactLegs {
  private let hops: [Hop]
  private let carriers: CarrierIndex
  private var parents: [Parent]
  private var via: [Int32]
  private var viaEvidence: [Evidence]
  private var isDirect: [Bool]

  private struct Parent {
    var client: Int32 = -1
    var evidence: Evidence = []
  }

  /// Hops that share a request id, beyond which the id says nothing: somebody sends a constant one.
  private static let maximumGroup = 256

  init(_ hops: [Hop]) {
    self.hops = hops
    carriers = CarrierIndex(hops)
    parents = Array(repeating: Parent(), count: hops.count)
    via = Array(repeating: -1, count: hops.count)
    viaEvidence = Array(repeating: [], count: hops.count)
    isDirect = Array(repeating: false, count: hops.count)
    linkRequestIDs()
    linkServersToCarriers()
    linkClientsToCarriers()
  }

  /// One outcome per hop that is no proxy's, by id.
  func outcomes() -> [HopOutcome] {
    let extra = carriersOfAttempts()
    var outcomes: [HopOutcome] = []
    outcomes.reserveCapacity(hops.count)
    for index in hops.indices where hops[index].role != .proxy {
      var outcome = HopOutcome(hop: hops[index].id)
      if parents[index].client >= 0 {
        outcome.parent = Link(
          kind: .parent, hop: hops[index].id, target: hops[Int(parents[index].client)].id, confidence: 1,
          evidence: parents[index].evidence)
      }
      if via[index] >= 0 { outcome.carriers.append(link(index, to: via[index], viaEvidence[index])) }
      for carrier in extra[Int32(index)] ?? [] where carrier != via[index] {
        outcome.carriers.append(link(index, to: carrier, [.triangle]))
      }
      outcome.carrierStatus = status(index)
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func link(_ index: Int, to carrier: Int32, _ evidence: Evidence) -> Link {
    Link(kind: .via, hop: hops[index].id, target: hops[Int(carrier)].id, confidence: 1, evidence: evidence)
  }

  private func status(_ index: Int) -> CarrierStatus {
    if via[index] >= 0 { return .linked }
    if isDirect[index] { return .direct }
    return carriers.statusWithoutCarrier(hops[index])
  }
}

// Request ids.
extension ExactLegs {
  private mutating func linkRequestIDs() {
    var ends = hops.indices.filter { !hops[$0].requestID.isMissing && hops[$0].role != .proxy }.map(Int32.init)
    ends.sort { (hops[Int($0)].requestID, $0) < (hops[Int($1)].requestID, $1) }
    var start = 0
    while start < ends.count {
      var end = start + 1
      while end < ends.count, hops[Int(ends[end])].requestID == hops[Int(ends[start])].requestID { end += 1 }
      if end - start > 1, end - start <= ExactLegs.maximumGroup { linkGroup(ends[start..<end]) }
      start = end
    }
  }

  /// Hops of one request id: an app may pass it on, so the group may hold several legs; each server hop belongs to
  /// the call of its service that holds it, the latest one to start where there are several.
  private mutating func linkGroup(_ group: ArraySlice<Int32>) {
    for server in group where hops[Int(server)].role == .server {
      let hop = hops[Int(server)]
      var best: Int32 = -1
      for client in group where isCall(client, of: hop) {
        if best < 0 || hops[Int(client)].start >= hops[Int(best)].start { best = client }
      }
      guard best >= 0 else { continue }
      parents[Int(server)] = Parent(client: best, evidence: .requestID)
      if isOneConnection(hops[Int(best)], hop) {
        parents[Int(server)].evidence.insert(.address)
        isDirect[Int(server)] = true
        isDirect[Int(best)] = true
      }
    }
  }

  private func isCall(_ client: Int32, of server: Hop) -> Bool {
    let call = hops[Int(client)]
    guard call.role == .client || call.role == .gateway, call.pod != server.pod else { return false }
    guard call.service == server.service || call.service < 0 || server.service < 0 else { return false }
    return Containment.allows(server, inside: call, slack: Containment.clockSlack)
  }

  /// No proxy and no NAT in between: both ends name one TCP connection.
  private func isOneConnection(_ client: Hop, _ server: Hop) -> Bool {
    client.upstreamLocal != 0 && client.upstreamLocal == server.downstreamRemote
      && client.upstreamHost == server.downstreamLocal
  }
}

// Addresses.
extension ExactLegs {
  /// proxy.upstream_local_address is server.downstream_remote_address: both name the proxy's socket (measured: in
  /// every case). Ports come back within minutes, so the connection must have lived when the request began.
  private mutating func linkServersToCarriers() {
    for index in hops.indices where hops[index].role == .server {
      let carrier = carriers.carrier(ofServer: hops[index])
      guard carrier >= 0 else { continue }
      via[index] = carrier
      viaEvidence[index] = .address
    }
  }

  /// Through the client's own address where no NAT is in between, else through the request's server hop.
  private mutating func linkClientsToCarriers() {
    let lastAttempt = lastAttempts()
    for index in hops.indices where hops[index].role == .client {
      let own = carriers.carrier(ofClient: hops[index])
      if own >= 0 {
        via[index] = own
        viaEvidence[index] = .address
      } else if lastAttempt[index] >= 0, via[Int(lastAttempt[index])] >= 0 {
        via[index] = via[Int(lastAttempt[index])]
        viaEvidence[index] = .triangle
      }
    }
  }

  /// A retried request has several server hops; the client's line names the connection of the last (measured).
  private func lastAttempts() -> [Int32] {
    var last = [Int32](repeating: -1, count: hops.count)
    for index in hops.indices where parents[index].client >= 0 {
      let client = Int(parents[index].client)
      if last[client] < 0 || hops[index].start >= hops[Int(last[client])].start { last[client] = Int32(index) }
    }
    return last
  }

  private func carriersOfAttempts() -> [Int32: [Int32]] {
    var extra: [Int32: [Int32]] = [:]
    for index in hops.indices where parents[index].client >= 0 && via[index] >= 0 {
      let client = parents[index].client
      if via[Int(client)] != via[index], via[Int(client)] >= 0 { extra[client, default: []].append(via[index]) }
    }
    return extra
  }
}
