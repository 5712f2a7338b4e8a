internal import AccessLog

/// Links each client hop to the server hop of its pod that caused it.
///
/// What the application passed on comes first: a request id or a trace id that is on both hops. Where nothing was
/// passed on, times decide: how a workload's requests behave is learned from all of them (`RequestModel`), then the
/// calls are divided among the requests that were open around them, with "no parent" as one of the answers. Where that
/// takes more than `CorrelationLimits.appSteps`, they are left undecided.
///
/// Hops that the answer does not depend on (other roles, other pods) may be among the input. The answer depends on
/// the set of hops alone, never on their order. n log n; memory about 200 bytes per hop.
package struct AppMatcher: Sendable {
  /// `CorrelationLimits.appSteps`; tests give less.
  private let stepsPerHop: Int

  package init(stepsPerHop: Int? = nil) { self.stepsPerHop = stepsPerHop ?? CorrelationLimits.appSteps }

  /// `onlyCalled`: leaves out the calls of workloads that nothing called: they have no parent.
  /// - Returns: one claim per client hop that has a pod, in the order of the hops' ids.
  package func match(_ hops: [Hop], onlyCalled: Bool = false) -> [AppLink] {
    var links: [AppLink] = []
    let groups = AppHops.byWorkload(hops, bothEnds: onlyCalled).filter { !$0.clients.isEmpty }
    let base = CorrelationLimits.appStepsOfPiece / max(1, groups.count)
    for group in groups {
      let own = (group.servers.count + group.clients.count) * stepsPerHop
      matchWorkload(group, hops, steps: base + own, into: &links)
    }
    links.sort { $0.client < $1.client }
    return links
  }

  private func matchWorkload(_ group: AppHops, _ hops: [Hop], steps: Int, into links: inout [AppLink]) {
    var group = group
    var propagated = PropagatedCalls.find(group, in: hops)
    assert(propagated.count == group.clients.count)
    assert(propagated.allSatisfy { $0.request < group.servers.count })
    guard propagated.contains(where: { !$0.isSettled }), !group.servers.isEmpty else {
      for (place, client) in group.clients.enumerated() {
        links.append(given(propagated[place], client: hops[Int(client)].id, group, hops))
      }
      return
    }
    if group.orderByContent(hops) { propagated = PropagatedCalls.find(group, in: hops) }
    let problem = CallProblem(group, in: hops, propagated: propagated)
    let beliefs = CallSolver.solve(problem, PodRanges(group, in: hops), steps: steps)
    for (place, call) in propagated.enumerated() {
      let id = problem.callID[place]
      if call.isSettled {
        links.append(given(call, client: id, group, hops))
      } else if problem.isCut[place] || beliefs == nil && !problem.candidateRange(place).isEmpty {
        links.append(AppLink(undecided: id))
      } else if let beliefs {
        links.append(inferred(place, call.evidence, problem, beliefs))
      } else {
        links.append(AppLink(client: id, server: nil, confidence: 1, evidence: .time))
      }
    }
  }

  private func given(_ call: PropagatedCall, client: Int64, _ group: AppHops, _ hops: [Hop]) -> AppLink {
    guard call.request >= 0 else {
      return AppLink(client: client, server: nil, confidence: 1, evidence: .time)
    }
    let server = hops[Int(group.servers[Int(call.request)])].id
    return AppLink(client: client, server: server, confidence: 1, evidence: call.evidence)
  }

  private func inferred(_ call: Int, _ evidence: Evidence, _ problem: CallProblem, _ beliefs: Beliefs)
    -> AppLink
  {
    let (best, second) = beliefs.ranked(call)
    let start = Int(problem.candidateStart[call])
    assert(best.slot < problem.candidateRange(call).count && (0...1.001).contains(best.share))
    func server(_ slot: Int) -> Int64? {
      slot < 0 ? nil : problem.requestID[Int(problem.candidates[start + slot])]
    }
    let confidence = PlaceCalibration.probability(ofShare: Double(best.share))
    let next = second.map { PlaceCalibration.probability(ofShare: Double($0.share)) } ?? 0
    return AppLink(
      client: problem.callID[call], server: server(best.slot), confidence: confidence,
      evidence: best.slot < 0 ? .time : evidence.union(.time),
      runnerUp: second.flatMap { server($0.slot) }, margin: confidence - next)
  }
}
