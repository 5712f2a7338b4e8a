internal import AccessLog
internal import Correlation

/// The attempts and connections in a set of hops, given what correlation says about them.
struct LegFacts {
  private let hops: [Hop]
  /// Ids in ascending order and where each hop stands in `hops`.
  private let ids: [Int64]
  private let places: [Int32]
  /// By place in `hops`: its outcome's index, or -1.
  private var outcomeOf: [Int32]
  private let outcomes: [HopOutcome]
  /// By place: the last server hop that answers a client hop, or -1.
  private var answer: [Int32]

  /// `outcomes` are of hops among `hops`, by hop id, ascending.
  init(_ hops: [Hop], _ outcomes: [HopOutcome]) {
    self.hops = hops
    self.outcomes = outcomes
    var order = hops.indices.map { (id: hops[$0].id, place: Int32($0)) }
    if !zip(order, order.dropFirst()).allSatisfy({ $0.id < $1.id }) { order.sort { $0.id < $1.id } }
    ids = order.map(\.id)
    places = order.map(\.place)
    outcomeOf = [Int32](repeating: -1, count: hops.count)
    answer = [Int32](repeating: -1, count: hops.count)
    var next = 0
    for (index, outcome) in outcomes.enumerated() {
      while next < ids.count, ids[next] < outcome.hop { next += 1 }
      guard next < ids.count, ids[next] == outcome.hop else { continue }
      outcomeOf[Int(places[next])] = Int32(index)
    }
    noteAnswers()
  }

  private mutating func noteAnswers() {
    for place in hops.indices where hops[place].role == .server {
      guard let client = client(ofServer: place) else { continue }
      let last = answer[client]
      if last < 0 || (hops[Int(last)].start, hops[Int(last)].id) < (hops[place].start, hops[place].id) {
        answer[client] = Int32(place)
      }
    }
  }

  private func place(of id: Int64) -> Int? {
    let index = firstIndex(notBelow: id)
    return index < ids.count && ids[index] == id ? Int(places[index]) : nil
  }

  private func firstIndex(notBelow id: Int64) -> Int {
    var low = 0
    var high = ids.count
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func outcome(_ place: Int) -> HopOutcome? {
    outcomeOf[place] < 0 ? nil : outcomes[Int(outcomeOf[place])]
  }

  private func client(ofServer place: Int) -> Int? {
    guard let parent = outcome(place)?.parent, let client = self.place(of: parent.target),
      hops[client].role == .client
    else { return nil }
    return client
  }

  /// Hands out every fact; those of the margin around a piece of time, too.
  func forEach(_ body: (LegFact) -> Void) {
    for place in hops.indices {
      switch hops[place].role {
      case .server: body(attempt(server: place))
      case .client where answer[place] < 0: body(unanswered(client: place))
      case .proxy: body(connection(proxy: place))
      default: break
      }
    }
  }

  private func attempt(server place: Int) -> LegFact {
    let server = hops[place]
    var fact = LegFact(start: server.start, busy: max(0, server.duration), service: server.service)
    fact.host = server.downstreamLocal
    fact.serverPod = server.pod
    fact.serverTime = server.duration
    fact.attempts = 1
    fact.connection = Hop.key(server.downstreamRemote, server.downstreamLocal)
    let own = outcome(place)
    fact.carrierStatus = own?.carrierStatus ?? .unknown
    let carrier = addCarrier(own, to: &fact)
    fill(&fact, from: server)
    guard let client = client(ofServer: place) else {
      fact.requests = 1
      return fact
    }
    fact.confidence = min(fact.confidence, own?.parent?.confidence ?? 1)
    add(client: client, isAnswer: answer[client] == Int32(place), serverCarrier: carrier, to: &fact)
    return fact
  }

  /// What the client's line says about the attempt that a server's line is of.
  private func add(client place: Int, isAnswer: Bool, serverCarrier: Int?, to fact: inout LegFact) {
    let client = hops[place]
    fact.clientPod = client.pod
    if fact.service < 0 { fact.service = client.service }
    let outcome = outcome(place)
    if isAnswer, fact.proxyPod < 0, let status = outcome?.carrierStatus { fact.carrierStatus = status }
    if let serverCarrier {
      addFirstProxy(outcome, before: serverCarrier, to: &fact)
    } else if isAnswer {
      addCarrier(outcome, to: &fact)
    }
    guard isAnswer else { return }
    fact.requests = 1
    fill(&fact, from: client)
    fact.clientTime = client.duration
    if client.duration >= 0, fact.serverTime >= 0 {
      fact.borderTime = max(0, client.duration - fact.serverTime)
    }
  }

  private func fill(_ fact: inout LegFact, from hop: Hop) {
    fact.flags = hop.flags
    fact.failureCode = hop.failureCode
    fact.bytesSent = max(0, hop.bytesSent)
    fact.bytesReceived = max(0, hop.bytesReceived)
  }

  private func unanswered(client place: Int) -> LegFact {
    let client = hops[place]
    var fact = LegFact(start: client.start, busy: max(0, client.duration), service: client.service)
    fact.host = client.upstreamHost
    fact.clientPod = client.pod
    fact.clientTime = client.duration
    fact.requests = 1
    fact.attempts = 1
    if client.upstreamLocal != 0 { fact.connection = Hop.key(client.upstreamLocal, client.upstreamHost) }
    let own = outcome(place)
    fact.carrierStatus = own?.carrierStatus ?? .unknown
    fill(&fact, from: client)
    if let carrier = addCarrier(own, to: &fact), hops[carrier].upstreamHost != 0 {
      fact.host = hops[carrier].upstreamHost
    }
    return fact
  }

  @discardableResult
  private func addCarrier(_ outcome: HopOutcome?, to fact: inout LegFact) -> Int? {
    guard let link = outcome?.carriers.first, let carrier = place(of: link.target) else { return nil }
    fact.proxyPod = hops[carrier].pod
    fact.connection = hops[carrier].connectionKey
    fact.confidence = min(fact.confidence, link.confidence)
    return carrier
  }

  /// The client's carrier, where it is not the server's but a proxy in another mesh cluster: there are two then.
  private func addFirstProxy(_ outcome: HopOutcome?, before last: Int, to fact: inout LegFact) {
    guard let link = outcome?.carriers.first, let carrier = place(of: link.target) else { return }
    if hops[carrier].meshCluster != hops[last].meshCluster { fact.firstProxyPod = hops[carrier].pod }
    fact.confidence = min(fact.confidence, link.confidence)
  }

  private func connection(proxy place: Int) -> LegFact {
    let proxy = hops[place]
    var fact = LegFact(start: proxy.start, busy: 0, service: proxy.service)
    fact.host = proxy.upstreamHost
    fact.proxyPod = proxy.pod
    fact.carrierStatus = .linked
    fact.flags = proxy.flags
    fact.failureCode = proxy.flags.isEmpty ? -1 : 0
    if proxy.upstreamLocal != 0 { fact.connection = proxy.connectionKey }
    return fact
  }
}
