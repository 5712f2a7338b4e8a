/// Walks through the events of one request with a given set of calls, in the order of time.
///
/// Truncated times: a call counts as ended before another event wherever the precision allows it, so that what ends
/// and starts within one millisecond is read as "one after the other".
struct RequestWalk {
  /// The open calls, the next to end last.
  private var open: [(end: Int64, type: Int32)] = []

  /// Tells `visitor` what happens in `request` with `calls`, which are in the order of their starts.
  ///
  /// Numbers past the last request stand for requests whose line is not in the log. Without `toEnd` the walk stops
  /// after the last call's start.
  @inline(__always)
  mutating func run<Visitor: RequestVisitor>(
    _ request: Int, calls: [Int32], toEnd: Bool, _ problem: borrowing CallProblem, _ shape: ModelShape,
    _ visitor: inout Visitor
  ) {
    guard let first = calls.first ?? (request < problem.requestID.count ? 0 : nil) else { return }
    let isLost = request >= problem.requestID.count
    let type =
      isLost ? visitor.lostType(act: Int(problem.callType[Int(first)])) : Int(problem.requestType[request])
    visitor.begin(type: type)
    var event = ModelShape.requestStarts
    var time = isLost ? problem.callStart[Int(first)] : problem.requestStart[request]
    var count = 0
    open.removeAll(keepingCapacity: true)
    for call in calls {
      let call = Int(call)
      let start = problem.callStart[call]
      let kind = Int(problem.callType[call])
      if isLost, count == 0 {
        visitor.lostStart(act: kind)
      } else {
        endCalls(until: start + problem.callStartSlack[call], type, count, &event, &time, shape, &visitor)
        let state = ModelShape.state(calls: count, open: open.count)
        visitor.act(type: type, event: event, state: state, act: kind, gap: start - time)
      }
      count += 1
      event = shape.callStarts(kind)
      time = start
      push(end: problem.callEnd[call], type: Int32(kind))
    }
    guard toEnd else { return }
    if isLost {
      endCalls(until: .max, type, count, &event, &time, shape, &visitor)
      visitor.lostEnd(type: type, event: event, state: ModelShape.state(calls: count, open: 0))
    } else if problem.requestEndKnown[request] {
      let end = problem.requestEnd[request]
      endCalls(until: end + problem.requestEndSlack[request], type, count, &event, &time, shape, &visitor)
      let state = ModelShape.state(calls: count, open: open.count)
      visitor.act(type: type, event: event, state: state, act: shape.requestEnds, gap: end - time)
    }
  }

  @inline(__always)
  private mutating func endCalls<Visitor: RequestVisitor>(
    until limit: Int64, _ type: Int, _ count: Int, _ event: inout Int, _ time: inout Int64,
    _ shape: ModelShape,
    _ visitor: inout Visitor
  ) {
    while let next = open.last, next.end <= limit {
      visitor.wait(type: type, event: event, state: ModelShape.state(calls: count, open: open.count))
      event = shape.callEnds(Int(next.type))
      time = next.end
      open.removeLast()
    }
  }

  @inline(__always)
  private mutating func push(end: Int64, type: Int32) {
    open.append((end, type))
    var place = open.count - 1
    while place > 0, open[place - 1].end < end {
      open.swapAt(place, place - 1)
      place -= 1
    }
  }
}
