/// Takes the events of a request one by one.
protocol RequestVisitor {
  /// What follows is about one request of a kind.
  mutating func begin(type: Int)
  /// The kind of request that one whose own line is not in the log is taken for, by the kind of its first call.
  func lostType(act: Int) -> Int
  /// A call is the first that is known of a request whose own line is not in the log.
  mutating func lostStart(act: Int)
  /// Nothing is known to follow in a request whose own line is not in the log.
  mutating func lostEnd(type: Int, event: Int, state: Int)
  /// The application acted: it started a call or ended the request, `gap` microseconds after the event.
  mutating func act(type: Int, event: Int, state: Int, act: Int, gap: Int64)
  /// Nothing happened until an open call ended.
  mutating func wait(type: Int, event: Int, state: Int)
}

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

/// Adds up the log likelihood of a request's events.
struct RequestScore: RequestVisitor {
  let model: RequestModel
  var sum: Float = 0
  /// The calls that the request has made so far.
  private var node = CompositionTree.unknown

  init(model: RequestModel) { self.model = model }

  @inline(__always)
  mutating func begin(type: Int) { node = Int32(type) }

  @inline(__always)
  mutating func act(type: Int, event: Int, state: Int, act: Int, gap: Int64) {
    let shape = model.shape
    sum += model.logChance(type: type, event: event, state: state, node: node, outcome: act)
    if act < shape.callTypes { node = model.tree.follow(node, act) }
    sum += model.logDensity[shape.gapIndex(type: type, event: event, act: act) + shape.bins.bin(gap)]
  }

  @inline(__always)
  mutating func wait(type: Int, event: Int, state: Int) {
    sum += model.logChance(type: type, event: event, state: state, node: node, outcome: model.shape.waits)
  }

  @inline(__always)
  func lostType(act: Int) -> Int { Int(model.lostType[act]) }

  @inline(__always)
  mutating func lostStart(act: Int) {
    sum += model.logOrphan[act]
    node = model.tree.follow(node, act)
  }

  @inline(__always)
  mutating func lostEnd(type: Int, event: Int, state: Int) {
    sum += model.logChance(
      type: type, event: event, state: state, node: node, outcome: model.shape.requestEnds)
  }
}
