internal import AccessLog

/// Carriers that no line was found for: not logged yet, or missing.
///
/// The proxy that has to log the connection is known from the server hop's peer address, else from the address that
/// the client called. Its log answers: if it reaches past the instant at which the connection had surely closed, the
/// line is missing; if not, or if nothing says that it closed, it is not logged yet.
struct UnloggedCarriers {
  private let table: HopTable
  private let ends: ConnectionEnds
  private let logs: ProxyLogs
  /// Carriers that no client's connection is linked to, any of which may be the one that is looked for: servers' lines may
  /// be, where nothing told whose requests they answered.
  private let contenders: CarrierIndex
  /// Their mesh clusters, in ascending order.
  private let contenderClusters: [Int32]
  /// Per server run the client run at its other end, or -1.
  private var clientOf: [Int32]
  /// What was found out before, by run.
  private var byServers: [CarrierStatus?]
  private var byClients: [CarrierStatus?]

  init(_ table: HopTable, _ links: LinkTable, _ ends: ConnectionEnds) {
    self.table = table
    self.ends = ends
    logs = ProxyLogs(table, links)
    contenders = CarrierIndex(table, OpenCarriers.unclaimed(table, links))
    contenderClusters = Set(contenders.carriers.map { table[$0].meshCluster }).sorted()
    clientOf = [Int32](repeating: -1, count: ends.triangle.servers.count)
    for (run, partner) in ends.triangle.partner.enumerated() where partner >= 0 {
      clientOf[Int(partner)] = Int32(run)
    }
    byServers = [CarrierStatus?](repeating: nil, count: ends.triangle.servers.count)
    byClients = [CarrierStatus?](repeating: nil, count: ends.triangle.clients.count)
  }

  /// Of a client or server hop that crossed a border.
  mutating func status(_ hop: Int32) -> CarrierStatus {
    var wire = Wire(clients: -1, servers: -1, meshCluster: table[hop].meshCluster)
    if table[hop].role == .server {
      wire.servers = ends.triangle.servers.of[Int(hop)]
      if wire.servers >= 0 { wire.clients = clientOf[Int(wire.servers)] }
    } else {
      wire.clients = ends.triangle.clients.of[Int(hop)]
      if wire.clients >= 0 { wire.servers = ends.triangle.partner[Int(wire.clients)] }
    }
    if wire.servers >= 0 {
      let known = byServers[Int(wire.servers)] ?? status(wire, hop)
      byServers[Int(wire.servers)] = known
      return known
    }
    if wire.clients >= 0 {
      let known = byClients[Int(wire.clients)] ?? status(wire, hop)
      byClients[Int(wire.clients)] = known
      return known
    }
    return status(wire, hop)
  }

  private func status(_ wire: Wire, _ hop: Int32) -> CarrierStatus {
    var wire = wire
    if wire.servers >= 0, let server = ends.triangle.servers[Int(wire.servers)].first {
      wire.meshCluster = table[server].meshCluster
      return status(wire, logs.proxy(calling: table[server]).map { [$0] } ?? [])
    }
    if table[hop].role == .server { return status(wire, logs.proxy(calling: table[hop]).map { [$0] } ?? []) }
    return mayBeThere(wire, hop) ? .unknown : status(wire, logs.proxies(calledBy: table[hop]))
  }

  /// Whether there is a carrier that may be that of a client connection whose other end is not known: nothing told
  /// them apart, but it may be logged.
  private func mayBeThere(_ wire: Wire, _ hop: Int32) -> Bool {
    let run = ClientRun(table, wire.clients < 0 ? [hop] : Array(ends.triangle.clients[Int(wire.clients)]))
    if contenderClusters.count > CorrelationLimits.partnerClusters {
      // One look at those of all clusters, however far apart clocks may be.
      let reach = RequestIDJoin.maximumSkew + CarrierTime.slack
      let places = contenders.alive(
        run.service, from: run.lastEnd - reach, to: run.firstEnd + reach, limit: 1
      ) { mayBe($0, run, window(run, $0.meshCluster)) }
      return !places.isEmpty
    }
    return contenderClusters.contains { cluster in
      let window = window(run, cluster)
      let places = contenders.alive(
        run.service, from: run.lastEnd + window.skew - window.slack,
        to: run.firstEnd + window.skew + window.slack, limit: 1
      ) { $0.meshCluster == cluster && mayBe($0, run, window) }
      return !places.isEmpty
    }
  }

  /// By how much a cluster's clock is ahead, and how well that is known, microseconds.
  private func window(_ run: ClientRun, _ cluster: Int32) -> (skew: Int64, slack: Int64) {
    let clock = ends.clocks[run.cluster, cluster]
    let isKnown = clock.isKnown || run.cluster == cluster
    return (
      isKnown ? clock.skew(at: run.firstStart) : 0, isKnown ? CarrierTime.slack : RequestIDJoin.maximumSkew
    )
  }

  /// Whether times and bytes allow that the carrier is the connection's.
  private func mayBe(_ carrier: Hop, _ run: ClientRun, _ window: (skew: Int64, slack: Int64)) -> Bool {
    carrier.start <= run.firstEnd + window.skew + window.slack
      && carrier.latestEnd + window.slack >= run.lastEnd + window.skew
      && (carrier.bytesReceived < 0 || Double(carrier.bytesReceived) >= run.up)
      && (carrier.bytesSent < 0 || Double(carrier.bytesSent) >= run.down)
  }

  private func status(_ wire: Wire, _ proxies: [Int]) -> CarrierStatus {
    if proxies.isEmpty { return withoutLog(wire) }
    var begins = true
    for place in proxies {
      let log = logs.logs[place]
      var wire = wire
      wire.meshCluster = log.meshCluster
      guard let end = ends.closing(wire, ageLimit: log.ageLimit), end + ProxyLog.slack <= log.lastEnd else {
        return .notLoggedYet
      }
      if end < log.firstEnd { begins = false }
    }
    return begins ? .missing : .unknown
  }

  /// A proxy that has not logged anything yet, or whose log nobody gave: the line is missing where all other logs go
  /// on well past the connection's end.
  private func withoutLog(_ wire: Wire) -> CarrierStatus {
    guard let end = ends.closing(wire, ageLimit: .max) else { return .notLoggedYet }
    return ends.reach(wire) >= end + RepeatedLines.flush ? .missing : .notLoggedYet
  }
}
