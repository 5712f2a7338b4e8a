import Testing

@testable import Correlation

/// How much is done for the calls of a workload: see `CorrelationLimits.appSteps`.
@Suite struct `Matching inside an app` {
  /// `open` requests at a time, each of which makes two calls at any time.
  private func workload(requests: Int, open: Int) -> [Hop] {
    var dice = Dice(state: 7)
    var lines: [String] = []
    for request in 0..<requests {
      let start = request * 10
      lines.append("\(3 * request + 1) server web \(start) +\(10 * open) shop")
      for call in 1...2 {
        let at = Int64(start) + dice.roll(0..<Int64(10 * open) / 2)
        lines.append("\(3 * request + call + 1) client web \(at) +\(dice.roll(1..<10)) geo")
      }
    }
    return hops(lines.joined(separator: "\n"))
  }

  private func problem(_ hops: [Hop]) throws -> (CallProblem, PodRanges) {
    let group = try #require(AppHops.byWorkload(hops).first)
    let propagated = PropagatedCalls.find(group, in: hops)
    return (CallProblem(group, in: hops, propagated: propagated), PodRanges(group, in: hops))
  }

  @Test func `has no answer where more requests are open than it may compare`() throws {
    let (problem, spans) = try problem(workload(requests: 60, open: 40))
    #expect(CallSolver.solve(problem, spans, steps: 500 * 180) == nil)
  }

  @Test func `has one where few are open`() throws {
    let (problem, spans) = try problem(workload(requests: 60, open: 1))
    #expect(CallSolver.solve(problem, spans, steps: 8_192 * 180) != nil)
  }

  /// One request that takes all its time, and as many calls as a piece of time may have hops: a call looks at few of them.
  @Test func `looks at a bounded number of requests with a call's id`() {
    var lines: [String] = []
    for request in 0..<600 {
      lines.append("\(2 * request + 1) server web \(request) +100000 shop id=7")
      lines.append("\(2 * request + 2) client web \(request) +1 geo id=7")
    }
    let input = hops(lines.joined(separator: "\n"))
    let group = AppHops.byWorkload(input)[0]
    let choices = PropagatedCalls.find(group, in: input).map(\.choices.count)
    #expect(choices.max() == CallProblem.candidateLimit + 1)
  }

  @Test func `is undecided where it may not be done, and the outcome says so`() {
    let link = AppLink(undecided: 7)
    #expect(link.server == nil && link.isUndecided && link.link == nil)
  }
}
