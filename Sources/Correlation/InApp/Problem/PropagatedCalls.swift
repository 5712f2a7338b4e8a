internal import AccessLog

/// Links calls to requests by the ids that the application passed on: the request id, else the trace id.
///
/// A sort by (pod, id, start) and one search per call: n log n, no inference.
struct PropagatedCalls {
  /// Share of a kind's calls that an id must link before a call whose id links nothing is taken for an orphan.
  static let expectedShare = 0.5

  private var keys: [Entry] = []

  private struct Entry {
    var pod: Int32
    var id: WideKey
    var start: Int64
    var request: Int32

    static func < (left: Entry, right: Entry) -> Bool {
      (left.pod, left.id, left.start, left.request) < (right.pod, right.id, right.start, right.request)
    }
  }

  /// - Returns: what the ids say of each client hop of `group`, in its order.
  static func find(_ group: AppHops, in hops: [Hop]) -> [PropagatedCall] {
    var found = [PropagatedCall](repeating: PropagatedCall(), count: group.clients.count)
    for evidence in [Evidence.requestID, .traceID] {
      let index = PropagatedCalls(group.servers, in: hops, evidence)
      guard !index.keys.isEmpty else { continue }
      for (place, client) in group.clients.enumerated() where !found[place].isNamed {
        let id = id(of: hops[Int(client)], evidence)
        guard !id.isMissing else { continue }
        found[place] = index.request(of: hops[Int(client)], id: id, evidence, hops, group)
      }
    }
    markOrphans(&found, group, hops)
    return found
  }

  @inline(__always)
  private static func id(of hop: Hop, _ evidence: Evidence) -> WideKey {
    evidence == .requestID ? hop.requestID : hop.traceID
  }

  private init(_ servers: [Int32], in hops: [Hop], _ evidence: Evidence) {
    keys.reserveCapacity(servers.count)
    for (place, server) in servers.enumerated() {
      let hop = hops[Int(server)]
      let id = Self.id(of: hop, evidence)
      guard !id.isMissing else { continue }
      keys.append(Entry(pod: hop.pod, id: id, start: hop.start, request: Int32(place)))
    }
    keys.sort { $0 < $1 }
  }

  /// The request with the call's id that was open around it; or several, where a caller sent parallel requests
  /// with one id to the pod, or a request comes back to it.
  private func request(
    of call: Hop, id: WideKey, _ evidence: Evidence, _ hops: [Hop], _ group: AppHops
  ) -> PropagatedCall {
    var fitting: [Int32] = []
    var place = endPlace(pod: call.pod, id: id, start: call.start + Int64(call.startPrecision) - 1) - 1
    let last = max(-1, place - CorrelationLimits.requestsOfID)
    while place > last, keys[place].pod == call.pod, keys[place].id == id {
      let request = keys[place].request
      if Self.encloses(hops[Int(group.servers[Int(request)])], call) { fitting.append(request) }
      if fitting.count > CallProblem.candidateLimit { break }
      place -= 1
    }
    guard let first = fitting.first else { return PropagatedCall() }
    return fitting.count == 1
      ? PropagatedCall(request: first, evidence: evidence)
      : PropagatedCall(choices: fitting, evidence: evidence)
  }

  /// The place behind the pod's requests with this id that start at an instant or before.
  private func endPlace(pod: Int32, id: WideKey, start: Int64) -> Int {
    keys.partitioningIndex { ($0.pod, $0.id, $0.start) > (pod, id, start) }
  }

  /// Whether the call started while the request was open, and is not the far end's view of that request: a pod
  /// that calls its own service holds both ends of a leg, with one id.
  private static func encloses(_ request: Hop, _ call: Hop) -> Bool {
    guard request.start <= call.start + Int64(call.startPrecision) - 1 else { return false }
    guard request.duration < 0 || call.start <= request.latestEnd else { return false }
    let ownLeg = request.service == call.service && request.service >= 0
    return !ownLeg || request.start < call.start || request.end > call.end
  }

  /// Where most calls of a kind carry an id that names their request, one whose id names none has lost its request.
  private static func markOrphans(_ found: inout [PropagatedCall], _ group: AppHops, _ hops: [Hop]) {
    struct Key: Hashable {
      var service: Int32
      var route: UInt64
    }
    var counts: [Key: (linked: Int, all: Int)] = [:]
    func key(_ place: Int) -> Key {
      let hop = hops[Int(group.clients[place])]
      return Key(service: hop.service, route: hop.route)
    }
    for place in found.indices {
      counts[key(place), default: (0, 0)].all += 1
      if found[place].isNamed { counts[key(place), default: (0, 0)].linked += 1 }
    }
    guard counts.values.contains(where: { $0.linked > 0 }) else { return }
    for place in found.indices where !found[place].isNamed {
      let hop = hops[Int(group.clients[place])]
      guard let count = counts[key(place)], !hop.requestID.isMissing || !hop.traceID.isMissing else {
        continue
      }
      found[place].isOrphan = Double(count.linked) >= expectedShare * Double(count.all)
    }
  }
}
