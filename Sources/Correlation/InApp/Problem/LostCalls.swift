/// How many calls without a parent can hide among the others, at most, judged from those that show.
///
/// A call whose request is not in the log has no request around it where the pod is idle, and seems to have one
/// where it is busy. How often a request would seem to be around it is known: shift the pod's calls in time and look.
/// So the calls that show bound those that hide. Without the bound a workload whose gaps vary much would explain
/// calls away as orphans, one making the next more probable.
struct LostCalls {
  /// By kind of call.
  private(set) var mostHidden: [Double]

  /// Calls assumed to show beyond those that do: no sign is not a proof.
  private static let unseen = 0.5
  /// Share of the calls inside a request that may have lost their own: more would be another log's calls.
  private static let mostShare = 0.1
  /// So that none is never certain.
  private static let leastHidden = 0.01
  /// Shifts in time, as shares of the pod's logged span, around which calls wrap.
  private static let shifts = [0.23, 0.41, 0.59, 0.77]

  init(_ problem: CallProblem, _ spans: PodRanges) {
    var showing = [Double](repeating: 0, count: problem.callTypes)
    var placed = showing
    var shifted = showing
    var shiftedShowing = showing
    for span in spans.spans where !span.requests.isEmpty {
      let cover = Cover(problem, span.requests)
      for call in span.calls where problem.given[call] < 0 && !problem.orphaned[call] {
        let type = Int(problem.callType[call])
        let start = problem.callStart[call]
        guard start >= cover.start, start <= cover.end else { continue }
        let duration = problem.callEnd[call] - start
        if problem.candidateRange(call).isEmpty { showing[type] += 1 } else { placed[type] += 1 }
        for shift in Self.shifts {
          shifted[type] += 1
          if !cover.covers(cover.wrapped(start, by: shift), duration: duration) { shiftedShowing[type] += 1 }
        }
      }
    }
    mostHidden = showing.indices.map { type in
      let share = (shiftedShowing[type] + Self.unseen) / (shifted[type] + 1)
      let hidden = (showing[type] + Self.unseen) * (1 - share) / share
      return max(Self.leastHidden, min(hidden, Self.mostShare * placed[type]))
    }
  }

  /// The times of a pod during which some request was open from before a moment until after another.
  private struct Cover {
    var starts: [Int64] = []
    /// The latest end among the requests so far.
    var latestEnds: [Int64] = []

    var start: Int64 { starts.first ?? 0 }
    var end: Int64 { latestEnds.last ?? 0 }

    init(_ problem: CallProblem, _ requests: Range<Int>) {
      for request in requests where problem.requestEnd[request] < CallProblem.never {
        starts.append(problem.requestStart[request])
        let end = problem.requestEnd[request] + problem.requestEndSlack[request]
        latestEnds.append(max(latestEnds.last ?? end, end))
      }
    }

    func wrapped(_ time: Int64, by share: Double) -> Int64 {
      let span = max(1, end - start)
      return start + (time - start + Int64(Double(span) * share)) % span
    }

    func covers(_ time: Int64, duration: Int64) -> Bool {
      var low = 0
      var high = starts.count
      while low < high {
        let middle = (low + high) / 2
        if starts[middle] <= time { low = middle + 1 } else { high = middle }
      }
      return low > 0 && latestEnds[low - 1] >= time + duration
    }
  }
}
