internal import AccessLog
internal import Correlation
internal import TraceStore

/// The attempts and connections in a set of hops, given what correlation says about them.
struct Attempts {
  private let hops: [Hop]
  private let relations: HopRelations
  private let names: ConnectionHash
  private let tunnels: CarriedTunnels

  /// `outcomes` are of hops among `hops`, by hop id, ascending; `names` are the database's.
  init(_ hops: [Hop], _ outcomes: [HopOutcome], _ names: ConnectionHash) {
    self.hops = hops
    self.names = names
    relations = HopRelations(hops, outcomes)
    tunnels = CarriedTunnels(hops, relations)
  }

  /// Hands out every fact; those of the margin around a unit of time, too.
  func forEach(_ body: (Attempt) -> Void) {
    for place in hops.indices where !(hops[place].isTunnel && tunnels.carries(place)) {
      switch hops[place].role {
      case .server: body(finished(attempt(server: place), place))
      case .client where relations.answer[place] < 0: body(finished(unanswered(client: place), place))
      case .gateway where relations.answer[place] < 0: body(finished(unanswered(gateway: place), place))
      case .proxy: body(connection(proxy: place))
      default: break
      }
    }
  }

  /// A connection is one where it ended, whatever its ends were called.
  @inline(__always)
  private func finished(_ fact: Attempt, _ place: Int) -> Attempt {
    hops[place].isConnection ? Attempts.connection(fact) : fact
  }

  private static func connection(_ fact: Attempt) -> Attempt {
    var connection = fact
    connection.isConnection = true
    (connection.requests, connection.busy, connection.hop) = (0, 0, 0)
    connection.failureCode = fact.flags.isEmpty ? AttemptOutcome.connection : AttemptOutcome.flaggedConnection
    return connection
  }

  private func attempt(server place: Int) -> Attempt {
    var fact = fact(of: place)
    fact.host = hops[place].downstreamLocal
    fact.serverPod = hops[place].pod
    fact.serverTime = hops[place].duration
    fact.attempts = 1
    // All connections of an app to a pod have one tunnel, whose port a ztunnel's line has.
    fact.connection = names.key(
      hops[place].downstreamRemote, hops[place].downstreamLocal, hops[place].isTunnel ? hops[place].id : 0)
    fact.carrierStatus = relations.status[place]
    addCarrier(of: place, to: &fact)
    fill(&fact, from: place)
    let client = Int(relations.client[place])
    guard client >= 0 else {
      fact.requests = 1
      fact.clientPod = callerPod(place)
      return fact
    }
    fact.confidence = min(fact.confidence, relations.parentConfidence[place])
    if hops[client].role == .gateway {
      add(way: Way(upFrom: place, hops, relations), to: &fact)
    } else {
      add(client: client, server: place, to: &fact)
    }
    return fact
  }

  /// Who called a server of which no caller's line is there, as far as a ztunnel tells.
  private func callerPod(_ place: Int) -> Int32 {
    if let tunnel = relations.tunnelTo[place] { return hops[Int(tunnel)].pod }
    return max(-1, hops[place].peer)
  }

  /// A gateway's request whose server has no line: it counts for the host that the gateway called.
  private func unanswered(gateway place: Int) -> Attempt {
    var fact = unanswered(client: place)
    fact.requests = 0
    fact.serverTime = -1
    let way = Way(upFrom: place, hops, relations)
    add(way: way, to: &fact)
    return fact
  }

  /// What the hops between a server and its first caller say, where gateways are among them.
  private func add(way: Way, to fact: inout Attempt) {
    fact.clientPod = way.clientPod(hops)
    if fact.service < 0 { fact.service = hops[way.top].service }
    fact.confidence = min(fact.confidence, way.confidence)
    var proxies = way.proxies
    fact.proxyPod = proxies.popLast() ?? -1
    fact.firstProxyPod = proxies.count == 1 ? proxies[0] : -1
    fact.earlierProxies = proxies.count > 1 ? proxies : []
    guard way.isAnswer else { return }
    fact.hop = hops[way.top].id
    fact.requests = 1
    fill(&fact, from: way.top)
    // Where nobody else timed it, a waypoint did.
    fact.clientTime = way.isHeadless && fact.serverTime >= 0 ? -1 : hops[way.top].duration
    if fact.clientTime >= 0, fact.serverTime >= 0 {
      let served = way.caller >= 0 ? servedTime(client: way.caller, last: way.end) : fact.serverTime
      fact.borderTime = max(0, fact.clientTime - served)
    }
  }

  private func fact(of place: Int) -> Attempt {
    var fact = Attempt(
      start: hops[place].start, busy: max(0, hops[place].duration), service: hops[place].service)
    fact.hop = hops[place].id
    return fact
  }

  /// What the client's line says about the attempt that a server's line is of.
  private func add(client place: Int, server: Int, to fact: inout Attempt) {
    let isAnswer = Int(relations.answer[place]) == server
    fact.clientPod = hops[place].pod
    // A ztunnel names the pod's port where its caller names the service's.
    if fact.service < 0 || hops[server].isTunnel && hops[place].service >= 0 {
      fact.service = hops[place].service
    }
    if isAnswer, fact.proxyPod < 0 { fact.carrierStatus = relations.status[place] }
    if relations.carrier[server] >= 0 {
      addFirstProxy(of: place, before: Int(relations.carrier[server]), to: &fact)
    } else if isAnswer {
      addCarrier(of: place, to: &fact)
    }
    guard isAnswer else { return }
    fact.hop = hops[place].id
    fact.requests = 1
    fill(&fact, from: place)
    fact.clientTime = hops[place].duration
    if fact.clientTime >= 0, fact.serverTime >= 0 {
      fact.borderTime = max(0, fact.clientTime - servedTime(client: place, last: server))
    }
  }

  /// Microseconds from the first attempt's start to the last one's end: earlier attempts and the waits between them are no
  /// cost of the border.
  private func servedTime(client place: Int, last: Int) -> Int64 {
    let first = Int(relations.firstAnswer[place])
    guard first >= 0, first != last, hops[first].meshCluster == hops[last].meshCluster else {
      return hops[last].duration
    }
    return max(hops[last].duration, hops[last].end - hops[first].start)
  }

  private func fill(_ fact: inout Attempt, from place: Int) {
    fact.flags = hops[place].flags
    fact.failureCode = hops[place].failureCode
    fact.bytesSent = max(0, hops[place].bytesSent)
    fact.bytesReceived = max(0, hops[place].bytesReceived)
  }

  private func unanswered(client place: Int) -> Attempt {
    var fact = fact(of: place)
    // A proxy on the way is no host.
    fact.host = hops[place].traits.contains(.toProxy) ? 0 : hops[place].upstreamHost
    fact.hostTime = hops[place].end
    fact.clientPod = hops[place].pod
    fact.clientTime = hops[place].duration
    fact.requests = 1
    fact.attempts = 1
    if hops[place].isTunnel {
      fact.connection = names.key(hops[place].downstreamRemote, hops[place].upstreamHost, hops[place].id)
    } else if hops[place].upstreamLocal != 0 {
      fact.connection = names.key(hops[place].upstreamLocal, hops[place].upstreamHost)
    } else if let tunnel = relations.tunnelFrom[place] {
      fact.connection = names.key(0, hops[place].upstreamHost, hops[Int(tunnel)].id)
    }
    fact.carrierStatus = relations.status[place]
    fill(&fact, from: place)
    addCarrier(of: place, to: &fact)
    let carrier = Int(relations.carrier[place])
    if carrier >= 0, hops[carrier].upstreamHost != 0 { fact.host = hops[carrier].upstreamHost }
    return fact
  }

  private func addCarrier(of place: Int, to fact: inout Attempt) {
    let carrier = Int(relations.carrier[place])
    if carrier < 0 { return }
    fact.proxyPod = hops[carrier].pod
    fact.connection = hops[carrier].connectionKey(names)
    fact.confidence = min(fact.confidence, relations.carrierConfidence[place])
  }

  /// The client's carrier, where it is not the server's but a proxy in another mesh cluster: there are two then.
  private func addFirstProxy(of place: Int, before last: Int, to fact: inout Attempt) {
    let carrier = Int(relations.carrier[place])
    if carrier < 0 { return }
    if hops[carrier].meshCluster != hops[last].meshCluster { fact.firstProxyPod = hops[carrier].pod }
    fact.confidence = min(fact.confidence, relations.carrierConfidence[place])
  }

  private func connection(proxy place: Int) -> Attempt {
    var fact = Attempt(start: hops[place].start, busy: 0, service: hops[place].service)
    fact.host = hops[place].upstreamHost
    fact.hostTime = hops[place].end
    fact.proxyPod = hops[place].pod
    fact.carrierStatus = .linked
    fact.flags = hops[place].flags
    fact.failureCode = hops[place].flags.isEmpty ? -1 : 0
    if hops[place].upstreamLocal != 0 { fact.connection = hops[place].connectionKey(names) }
    return fact
  }
}
