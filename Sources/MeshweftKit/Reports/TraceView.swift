internal import Correlation
internal import TraceStore

/// One trace, ready to be shown.
public struct TraceView: Sendable {
  let trace: StoredTrace
  let times: TraceTimes
  /// Requests in the order of a waterfall: each parent before its children, siblings by start.
  let rows: [Row]

  struct Row: Sendable {
    var hop: StoredHop
    var link: StoredLink?
    /// How many parents it has.
    var depth: Int
  }

  init(_ trace: StoredTrace) {
    self.trace = trace
    times = TraceTimes(trace)
    rows = TraceView.ordered(trace)
  }

  /// Depth first, with a stack of its own; what no parent leads to (a carrier alone) comes last.
  private static func ordered(_ trace: StoredTrace) -> [Row] {
    let requests = trace.hops.filter { trace.links[$0.id] != nil || $0.id == trace.root }
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

  func hop(_ id: Int64) -> StoredHop? { trace.hops.first { $0.id == id } }

  /// The server hops that answered a client hop: more than one where it was retried.
  func answers(to client: StoredHop) -> [StoredHop] {
    rows.filter { $0.hop.role == "server" && $0.link?.parent?.target == client.id }.map(\.hop)
  }

  /// `meshweft.trace/1`, one line.
  public var json: [UInt8] {
    var writer = JSONWriter()
    TraceJSON(trace).write(to: &writer)
    writer.newline()
    return writer.bytes
  }
}
