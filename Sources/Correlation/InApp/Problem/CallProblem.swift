internal import AccessLog

/// Which of a workload's calls belongs to which of its requests, as flat arrays.
///
/// A request is a server hop, a call is a client hop of the same pod. Both are numbered in the order of
/// (pod, start, id); times are microseconds since the epoch, as logged.
struct CallProblem {
  var requestID: [Int64] = []
  var requestStart: [Int64] = []
  var requestEnd: [Int64] = []
  /// How much later than logged the request may have ended, microseconds.
  var requestEndSlack: [Int64] = []
  /// False where the duration is missing, or the caller ended the request: then the end says nothing.
  var requestEndKnown: [Bool] = []
  var requestType: [Int32] = []
  var requestTypes = 1

  var callID: [Int64] = []
  var callStart: [Int64] = []
  var callEnd: [Int64] = []
  /// How much later than logged the call may have started, microseconds.
  var callStartSlack: [Int64] = []
  var callType: [Int32] = []
  var callTypes = 1
  /// The request that an id names, or -1: then `candidates` says which requests come into question.
  var given: [Int32] = []
  /// The only requests that come into question, where an id names several.
  var choices: [[Int32]] = []
  /// An id was expected and names no request that is in the log: the call has no parent.
  var orphaned: [Bool] = []

  /// So many requests of the pod were open that not all that may have caused the call were looked at, and none was found.
  private(set) var isCut: [Bool] = []

  /// The first call of each call's pod.
  var podStart: [Int32] = []
  /// The requests that may have caused call c are `candidates[candidateStart[c]..<candidateStart[c + 1]]`.
  var candidateStart: [Int32] = [0]
  var candidates: [Int32] = []

  /// The coarsest precision of any time, microseconds.
  var unit: Int64 = 1
  /// Microseconds during which at least one request was open: the time in which an orphan can be mistaken for a call.
  var busyMicroseconds: Double = 1

  /// The end of a request whose duration is missing.
  static let never = Int64.max / 4
  /// Kinds of requests and of calls that are told apart in one workload.
  static let requestTypeLimit = 8
  static let callTypeLimit = 16
  /// Requests that are looked at for one call, the latest starts first; more are open at once only under overload.
  static let candidateLimit = 48

  /// Calls of a kind that must be seen to outlive all requests before the kind is taken to do so.
  static let leastDetached = 10

  /// What chance is drawn from for a call: its times, never its id, which another request id in the line would change.
  func callKey(_ call: Int) -> UInt64 {
    let twins =
      call > 0 && callStart[call - 1] == callStart[call] ? UInt64((call - Int(podStart[call])) & 1) : 0
    return CallProblem.key(callStart[call], callEnd[call]) &+ twins
  }

  /// What chance is drawn from for a request: its times, never its id.
  func requestKey(_ request: Int) -> UInt64 {
    CallProblem.key(requestStart[request], requestEnd[request])
  }

  private static func key(_ start: Int64, _ end: Int64) -> UInt64 {
    UInt64(bitPattern: start) &* 0xD6E8_FEB8_6659_FD93 &+ UInt64(bitPattern: end &- start)
      &* 0xA076_1D64_78BD_642F
  }

  func candidateRange(_ call: Int) -> Range<Int> {
    Int(candidateStart[call])..<Int(candidateStart[call + 1])
  }
}

extension CallProblem {
  /// `propagated` is what the ids say of each client hop of `group`, in its order.
  init(_ group: AppHops, in hops: [Hop], propagated: [PropagatedCall]) {
    assert(propagated.count == group.clients.count)
    let requestKinds = CallTypes(group.servers, in: hops, limit: Self.requestTypeLimit)
    requestType = requestKinds.type
    requestTypes = requestKinds.count
    assert(requestTypes <= Self.requestTypeLimit && requestType.allSatisfy { $0 < requestTypes })
    for index in group.servers { addRequest(hops[Int(index)]) }
    let callKinds = CallTypes(group.clients, in: hops, limit: Self.callTypeLimit)
    callType = callKinds.type
    callTypes = callKinds.count
    assert(callTypes <= Self.callTypeLimit && callType.allSatisfy { $0 < callTypes })
    for index in group.clients { addCall(hops[Int(index)]) }
    given = propagated.map(\.request)
    choices = propagated.map(\.choices)
    orphaned = propagated.map(\.isOrphan)
    let spans = PodRanges(group, in: hops)
    for span in spans.spans { for _ in span.calls { podStart.append(Int32(span.calls.lowerBound)) } }
    assert(podStart.count == callID.count, "each call is in one pod's span")
    busyMicroseconds = max(1, spans.busy(self))
    findCandidates(spans, detached: [])
    let detached = detachedTypes(spans)
    if !detached.isEmpty { findCandidates(spans, detached: detached) }
  }

  private mutating func addRequest(_ hop: Hop) {
    requestID.append(hop.id)
    requestStart.append(hop.start)
    requestEnd.append(hop.end)
    requestEndSlack.append(Int64(hop.startPrecision) + Int64(hop.durationPrecision) - 1)
    let ended = hop.duration >= 0 && hop.flags.isDisjoint(with: .endedByCaller)
    requestEndKnown.append(ended)
    if hop.duration < 0 { requestEnd[requestEnd.count - 1] = Self.never }
    unit = max(unit, Int64(hop.startPrecision), hop.duration >= 0 ? Int64(hop.durationPrecision) : 1)
  }

  private mutating func addCall(_ hop: Hop) {
    callID.append(hop.id)
    callStart.append(hop.start)
    callEnd.append(hop.end)
    callStartSlack.append(Int64(hop.startPrecision) - 1)
    unit = max(unit, Int64(hop.startPrecision), Int64(hop.durationPrecision))
  }

  /// Finds, for each call, the requests of its pod that were open around it, the latest starts first.
  ///
  /// One pass over both in time order with the list of open requests. A call lies inside its request; kinds of
  /// calls in `detached`, and requests that did not end by themselves, only ask that it starts inside.
  private mutating func findCandidates(_ spans: PodRanges, detached: Set<Int32>) {
    candidates.removeAll(keepingCapacity: true)
    candidateStart = [0]
    candidateStart.reserveCapacity(callID.count + 1)
    isCut = [Bool](repeating: false, count: callID.count)
    for span in spans.spans {
      var open = OpenRequests()
      assert(requestStart[span.requests].isOrdered { $0 <= $1 })
      assert(callStart[span.calls].isOrdered { $0 <= $1 })
      var next = span.requests.lowerBound
      for call in span.calls {
        while next < span.requests.upperBound, requestStart[next] <= callStart[call] + callStartSlack[call] {
          open.requests.append(Int32(next))
          next += 1
        }
        if given[call] >= 0 {
          candidates.append(given[call])
        } else if !choices[call].isEmpty {
          candidates.append(contentsOf: choices[call].prefix(Self.candidateLimit))
        } else if !orphaned[call] {
          open.dropOver { isOver(Int($0), before: callStart[call]) }
          addCandidates(call, isStrict: !detached.contains(callType[call]), open.requests)
        }
        candidateStart.append(Int32(candidates.count))
      }
    }
    assert(candidateStart.count == callID.count + 1 && candidateStart.isOrdered { $0 <= $1 })
    assert(candidates.allSatisfy { requestID.indices.contains(Int($0)) })
  }

  /// Of the requests that had begun, some of which may be over.
  private mutating func addCandidates(_ call: Int, isStrict: Bool, _ open: [Int32]) {
    let first = candidates.count
    for request in open.suffix(CorrelationLimits.openRequests).reversed() {
      if isOver(Int(request), before: callStart[call]) || isStrict && !contains(Int(request), call) {
        continue
      }
      candidates.append(request)
      if candidates.count - first == Self.candidateLimit { return }
    }
    isCut[call] = candidates.count == first && open.count > CorrelationLimits.openRequests
  }

  private func isOver(_ request: Int, before time: Int64) -> Bool {
    requestEnd[request] + requestEndSlack[request] < time
  }

  /// Whether the call may have ended before the request did.
  private func contains(_ request: Int, _ call: Int) -> Bool {
    !requestEndKnown[request] || callEnd[call] <= requestEnd[request] + requestEndSlack[request]
  }

  /// Kinds of calls that outlive their requests as a rule (an answer that does not wait for them).
  private func detachedTypes(_ spans: PodRanges) -> Set<Int32> {
    var homeless = [Int](repeating: 0, count: callTypes)
    var total = homeless
    for span in spans.spans {
      var latestEnd = Int64.min
      var next = span.requests.lowerBound
      for call in span.calls where given[call] < 0 && !orphaned[call] {
        while next < span.requests.upperBound, requestStart[next] <= callStart[call] {
          latestEnd = max(latestEnd, requestEnd[next])
          next += 1
        }
        guard callStart[call] <= latestEnd else { continue }
        total[Int(callType[call])] += 1
        if candidateRange(call).isEmpty { homeless[Int(callType[call])] += 1 }
      }
    }
    return Set(
      (0..<Int32(callTypes)).filter {
        homeless[Int($0)] >= Self.leastDetached && homeless[Int($0)] * 4 > total[Int($0)]
      })
  }
}

/// Requests that have begun, in that order; those that are over go when they are half of them, so that each is looked at
/// a few times only.
private struct OpenRequests {
  var requests: [Int32] = []
  /// How many were left when it was looked last.
  private var left = 0

  mutating func dropOver(_ isOver: (Int32) -> Bool) {
    guard requests.count > 2 * left + 16 else { return }
    requests.removeAll(where: isOver)
    left = requests.count
  }
}

extension ResponseFlags {
  /// The caller or a time limit ended the request: the application may go on with it, and its end is not its own.
  static let endedByCaller: ResponseFlags = [
    .downstreamConnectionTermination, .upstreamRequestTimeout, .durationTimeout,
  ]
}
