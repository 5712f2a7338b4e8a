internal import AccessLog

/// What became of the carrier of each client and server hop, told apart by reason.
///
/// - `linked`: a proxy's line is linked.
/// - `direct`: no cross-network proxy was on the way: the two ends name each other's addresses, or the address called is
///   a server sidecar's own, or the request never left its sidecar.
/// - `missing`: the connection has surely closed, and the log of its proxy covers that time.
/// - `notLoggedYet`: it may still be open as far as its proxy's log reaches, or that log is empty so far.
/// - `unknown`: the rest: no connection came about, or nothing tells which way it went.
struct CarrierStatuses {
  let table: HopTable
  let links: LinkTable
  /// Starts of the hops whose statuses are wanted, microseconds since the epoch; nil for all.
  let own: ClosedRange<Int64>?

  /// Microseconds by which lines may reach a file late (Envoy writes them out every 10 s).
  static let flush: Int64 = 15_000_000

  private func isRequest(_ position: Int) -> Bool {
    table.hops[position].role == .client || table.hops[position].role == .server
  }

  /// By position; of client and server hops only.
  func statuses(_ connections: @autoclosure () -> ConnectionEnds) -> [CarrierStatus] {
    var statuses = [CarrierStatus](repeating: .linked, count: table.hops.count)
    let open = table.hops.indices.filter { isRequest($0) && links.carrier.target[$0] < 0 }.map { Int32($0) }
    if !open.contains(where: { own?.contains(table[$0].start) ?? true }) { return statuses }
    let ways = Ways(table, links)
    let crossed = open.filter { hop in
      statuses[Int(hop)] = ways.status(hop) ?? .unknown
      return ways.status(hop) == nil
    }
    if crossed.isEmpty { return statuses }
    var unlogged = UnloggedCarriers(table, links, connections())
    for hop in crossed { statuses[Int(hop)] = unlogged.status(hop) }
    return statuses
  }
}

/// Which way the requests without a carrier went.
private struct Ways {
  private let table: HopTable
  private let links: LinkTable
  private let border: Border
  private let departure: Departure

  init(_ table: HopTable, _ links: LinkTable) {
    self.table = table
    self.links = links
    border = Border(table, links)
    departure = Departure(table)
  }

  /// nil where a border was crossed, and so there is a carrier.
  func status(_ hop: Int32) -> CarrierStatus? {
    if departure.neverLeft(table[hop]) { return .direct }
    switch passage(hop) {
    case .direct: return .direct
    case .unknown: return .unknown
    case .border: return departure.neverConnected(table[hop]) ? .unknown : nil
    }
  }

  private func passage(_ hop: Int32) -> Passage {
    if table[hop].role == .server {
      let client = links.parent.target[Int(hop)]
      return client < 0
        ? border.passage(ofServer: table[hop]) : border.between(table[client], table[hop], or: table[hop])
    }
    let server = links.answeredBy[Int(hop)]
    return server < 0
      ? border.passage(ofClient: table[hop]) : border.between(table[hop], table[server], or: table[hop])
  }
}
