/// Where each pod's requests and calls stand in a workload's arrays.
struct PodRanges {
  struct Span {
    var requests: Range<Int>
    var calls: Range<Int>
  }

  private(set) var spans: [Span] = []

  /// Both lists of the group hold pods in the same order; a pod may be missing in either.
  init(_ group: AppHops, in hops: [Hop]) {
    let requestRanges = Self.ranges(group.servers, in: hops)
    let callRanges = Self.ranges(group.clients, in: hops)
    assert(Set(callRanges.map(\.pod)).count == callRanges.count, "each pod's calls lie together")
    var callRange: [Int32: Range<Int>] = [:]
    for (pod, range) in callRanges { callRange[pod] = range }
    var next = 0
    for (pod, range) in requestRanges {
      // Pods without requests come where their calls do, so that calls stay in order.
      guard let calls = callRange[pod] else { continue }
      while callRanges[next].pod != pod {
        spans.append(Span(requests: 0..<0, calls: callRanges[next].range))
        next += 1
      }
      spans.append(Span(requests: range, calls: calls))
      next += 1
    }
    while next < callRanges.count {
      spans.append(Span(requests: 0..<0, calls: callRanges[next].range))
      next += 1
    }
    assert(spans.isOrdered { $0.calls.upperBound == $1.calls.lowerBound }, "calls side by side")
    assert(spans.last?.calls.upperBound ?? 0 == group.clients.count)
  }

  private static func ranges(_ indices: [Int32], in hops: [Hop]) -> [(pod: Int32, range: Range<Int>)] {
    var result: [(pod: Int32, range: Range<Int>)] = []
    for (place, index) in indices.enumerated() {
      let pod = hops[Int(index)].pod
      if let last = result.last, last.pod == pod {
        result[result.count - 1].range = last.range.lowerBound..<place + 1
      } else {
        result.append((pod, place..<place + 1))
      }
    }
    return result
  }

  /// Microseconds during which at least one request was open, summed over pods.
  func busy(_ problem: CallProblem) -> Double {
    var total: Int64 = 0
    for span in spans {
      var until = Int64.min
      for request in span.requests where problem.requestEnd[request] < CallProblem.never {
        let start = problem.requestStart[request]
        let end = max(start, problem.requestEnd[request])
        if end > until { total += end - max(start, until) }
        until = max(until, end)
      }
    }
    return Double(total)
  }
}
