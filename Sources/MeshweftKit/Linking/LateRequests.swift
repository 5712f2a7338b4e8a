internal import AccessLog
internal import Correlation
internal import TraceStore

/// The requests that went over a late carrier.
struct LateRequests {
  struct Request {
    var server: Hop
    var serverLink: HopLinks
    /// nil where the unit was not correlated with it.
    var client: Hop?
    var clientLink: HopLinks?
  }

  let late: LateCarrier
  private(set) var requests: [Request] = []

  /// nil where they are not as plain as it takes: each one found by its id, over one connection from end to end, of which
  /// no other line speaks.
  init?(
    _ late: LateCarrier, _ window: UnitWindow, _ rows: LateRows, _ links: LinkFeed, _ feed: HopFeed
  ) throws {
    self.late = late
    guard !rows.carriers.values.contains(where: { late.competes(with: $0) }) else { return nil }
    for row in rows.open where late.carried(server: row.hop) {
      guard let request = try request(row.link, row.hop, links, feed) else { return nil }
      guard add(request, window) else { return nil }
    }
    guard areOfOneConnection, isCalledFromThere(window) else { return nil }
  }

  private func request(_ link: HopLinks, _ server: Hop, _ links: LinkFeed, _ feed: HopFeed) throws
    -> Request?
  {
    // What begins within a millisecond of the ends may have a key beyond it.
    let inner = late.starts.lowerBound + 1000...late.starts.upperBound - 1000
    guard inner.contains(server.start), link.isWaiting, link.parentEvidence.contains(.requestID),
      let parent = link.parent, let client = try feed.hop(withKey: parent), client.role == .client,
      client.upstreamLocal != 0, let clientLink = try links.link(ofHop: parent)
    else { return nil }
    return Request(server: server, serverLink: link, client: client, clientLink: clientLink)
  }

  /// Adds what the unit was correlated with.
  /// - Returns: whether it is plain.
  private mutating func add(_ request: Request, _ window: UnitWindow) -> Bool {
    var request = request
    guard let client = request.client, let clientLink = request.clientLink else { return false }
    if !window.contains(request.server) {
      // To the unit it is a request without an answer: it matters to nothing but itself, if it ends in time.
      return !window.contains(client) || window.isApart(client)
    }
    if !window.contains(client) {
      if window.owns(request.server) { return false }
      (request.client, request.clientLink) = (nil, nil)
    } else if !clientLink.isWaiting {
      return false
    }
    requests.append(request)
    return true
  }

  private var areOfOneConnection: Bool {
    let clients = requests.compactMap(\.client)
    guard let first = requests.first else { return true }
    return Set(clients.map(\.id)).count == clients.count
      && requests.allSatisfy { $0.server.pod == first.server.pod }
      && clients.allSatisfy { LateCarrier.areOfOneConnection($0, clients[0]) }
  }

  /// Whether most of them surely name the same caller (`Triangle`): those with an own end do.
  private func isCalledFromThere(_ window: UnitWindow) -> Bool {
    let sure = requests.count { isOwn($0, window) }
    return sure == 0 || sure > requests.count { $0.client == nil }
  }

  private func isOwn(_ request: Request, _ window: UnitWindow) -> Bool {
    window.owns(request.server) || request.client.map(window.owns) ?? false
  }

  /// The unit's own hops among them.
  func ownHops(_ window: UnitWindow) -> Int64 {
    requests.reduce(0) { count, request in
      count + (window.owns(request.server) ? 1 : 0) + (request.client.map(window.owns) ?? false ? 1 : 0)
    }
  }

  /// The requests with the carrier linked.
  var linked: [Request] {
    let surest = requests.reduce(0) { max($0, $1.serverLink.parentConfidence) }
    return requests.map { request in
      var request = request
      let parent = request.serverLink.parentEvidence
      request.serverLink.setCarrier(late.link(ofServer: request.server.id))
      if let client = request.client {
        request.clientLink?.setCarrier(late.link(ofClient: client.id, parent: parent, surest: surest))
      }
      return request
    }
  }

  /// The links of the unit's own hops among them.
  func changedLinks(_ window: UnitWindow) -> [HopLinks] {
    var changed: [HopLinks] = []
    for request in linked {
      if window.owns(request.server) { changed.append(request.serverLink) }
      if let client = request.client, let link = request.clientLink, window.owns(client) {
        changed.append(link)
      }
    }
    return changed
  }
}
