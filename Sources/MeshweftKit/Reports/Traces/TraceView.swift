internal import Correlation
internal import TraceStore

/// One trace, ready to be shown.
struct TraceView: Sendable {
  let trace: StoredTrace
  let times: TraceTimes
  /// Requests in the order of a waterfall: each parent before its children, siblings by start.
  let rows: [Row]
  /// By key: places in `trace.hops`, and of client hops the places in `rows` of the server hops that answered them.
  private let places: [Int64: Int]
  private let answerPlaces: [Int64: [Int]]
  /// Proxies that must have been there, though no line is of them; by the hop that tells.
  let inferred: [Int64: [InferredHop]]
  private let clocks: TraceClocks

  struct Row: Sendable {
    var hop: StoredHop
    var link: StoredLink?
    /// How many parents it has.
    var depth: Int
  }

  init(_ trace: StoredTrace, _ clocks: TraceClocks) {
    self.trace = trace
    self.clocks = clocks
    times = TraceTimes(trace, clocks)
    rows = TraceView.ordered(trace, times)
    places = Dictionary(uniqueKeysWithValues: trace.hops.enumerated().map { ($0.element.id, $0.offset) })
    var answers: [Int64: [Int]] = [:]
    for (place, row) in rows.enumerated() where row.hop.role != "client" {
      if let client = row.link?.parent?.target { answers[client, default: []].append(place) }
    }
    answerPlaces = answers
    inferred = Dictionary(grouping: InferredHop.all(in: trace), by: \.hop)
  }

  /// Depth first, with a stack of its own; what no parent leads to (a carrier alone) comes last.
  private static func ordered(_ trace: StoredTrace, _ times: TraceTimes) -> [Row] {
    var requests = trace.hops.filter { trace.links[$0.id] != nil || $0.id == trace.root }
    if !times.aheads.isEmpty {
      let starts = requests.map(times.start(of:))
      let order = requests.indices.sorted { (starts[$0], $0) < (starts[$1], $1) }
      requests = order.map { requests[$0] }
    }
    var children: [Int64: [StoredHop]] = [:]
    var tops: [StoredHop] = []
    let known = Set(requests.map(\.id))
    for hop in requests {
      if let parent = trace.links[hop.id]?.parent?.target, known.contains(parent) {
        children[parent, default: []].append(hop)
      } else {
        tops.append(hop)
      }
    }
    var rows: [Row] = []
    var stack = tops.reversed().map { (hop: $0, depth: 0) }
    while let next = stack.popLast() {
      rows.append(Row(hop: next.hop, link: trace.links[next.hop.id], depth: next.depth))
      for child in (children[next.hop.id] ?? []).reversed() { stack.append((child, next.depth + 1)) }
    }
    return rows
  }

  func hop(_ id: Int64) -> StoredHop? { places[id].map { trace.hops[$0] } }

  /// The server hops that answered a client hop: more than one where it was retried.
  func answers(to client: StoredHop) -> [StoredHop] {
    (answerPlaces[client.id] ?? []).map { rows[$0].hop }
  }

  /// `meshweft.trace/1`, one line.
  var json: [UInt8] {
    var writer = JSONWriter()
    TraceJSON(trace, clocks).write(to: &writer)
    writer.newline()
    return writer.bytes
  }
}
