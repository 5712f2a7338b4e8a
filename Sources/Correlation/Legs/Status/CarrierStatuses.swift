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

  private func isRequest(_ position: Int) -> Bool {
    table.hops[position].role == .client || table.hops[position].role == .server
  }

  /// What was found out.
  struct Found {
    /// By position; of client and server hops only.
    var of: [CarrierStatus]
    /// Hops that start in `own` and crossed a border, but have no carrier; nil where other hops had a say in whether any
    /// did.
    var waiting: Int? = 0
  }

  func found(_ connections: @autoclosure () -> ConnectionEnds) -> Found {
    var found = Found(of: [CarrierStatus](repeating: .linked, count: table.hops.count))
    let open = table.hops.indices.filter { isRequest($0) && links.carrier.target[$0] < 0 }.map { Int32($0) }
    let wanted = open.filter { own?.contains(table[$0].start) ?? true }
    if wanted.isEmpty { return found }
    let ways = Ways(table, links)
    found.waiting = ways.areTold(wanted) ? wanted.count { ways.status($0) == nil } : nil
    let crossed = open.filter { hop in
      found.of[Int(hop)] = ways.status(hop) ?? .unknown
      return ways.status(hop) == nil
    }
    if crossed.isEmpty { return found }
    var unlogged = UnloggedCarriers(table, links, connections())
    for hop in crossed { found.of[Int(hop)] = unlogged.status(hop) }
    return found
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

  /// Whether the ends of these requests themselves tell which way each went.
  func areTold(_ hops: [Int32]) -> Bool {
    hops.allSatisfy { hop in
      let isServer = table[hop].role == .server
      let other = isServer ? links.parent.target[Int(hop)] : links.answeredBy[Int(hop)]
      if departure.neverLeft(table[hop]) { return true }
      guard other >= 0 else { return false }
      let passage =
        isServer ? border.between(table[other], table[hop]) : border.between(table[hop], table[other])
      return passage != .unknown
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
