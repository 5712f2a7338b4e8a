internal import AccessLog

/// What the exact joins left over, as far as statistics may say something about it.
struct OpenHops {
  /// Client runs without a known other end, and server runs without a known caller.
  private(set) var clientRuns: [Int32] = []
  private(set) var serverRuns: [Int32] = []
  /// Server hops that may still be linked, sorted by content.
  let index: ServerIndex
  /// Key of each server hop position that is in the index, 0 elsewhere.
  private(set) var serverKey: [UInt64] = []
  /// Whether there is any such server hop.
  let hasServers: Bool
  /// Per service + 1: microseconds that open server runs lasted, all together, and from the start of the first to
  /// the end of the last.
  private(set) var openTime: [Double] = [0]
  private var span: [ClosedRange<Int64>?] = [nil]

  /// A run of a single request is counted as lasting this long, microseconds.
  private static let shortest: Int64 = 200_000

  /// `nameless`: hops whose id says nothing.
  init(_ table: HopTable, _ triangle: Triangle, _ links: LinkTable, nameless: Set<Int32>) {
    let idsWork = OpenHops.podsWithWorkingIDs(table, links, nameless)
    var members: [Int32] = []
    for hop in table.servers where links.parent.target[Int(hop)] < 0 && triangle.servers.of[Int(hop)] >= 0 {
      let isNamed = !table[hop].requestID.isMissing && !nameless.contains(hop)
      if isNamed, idsWork[Int(table[hop].pod) + 1] { continue }
      members.append(hop)
    }
    index = ServerIndex(table, members, fields: OpenHops.fields(table, links, members))
    hasServers = !members.isEmpty
    if members.isEmpty { return }
    serverKey = [UInt64](repeating: 0, count: table.hops.count)
    for hop in members { serverKey[Int(hop)] = index.key(table[hop], cluster: table[hop].meshCluster) }
    collectServers(table, triangle)
    for run in 0..<triangle.clients.count where triangle.partner[run] < 0 {
      if triangle.clients[run].contains(where: { links.answeredBy[Int($0)] < 0 }) {
        clientRuns.append(Int32(run))
      }
    }
  }

  /// By mesh cluster of the servers: what their open hops and those of clients that call the same services are compared by, where
  /// that is not everything.
  private static func fields(_ table: HopTable, _ links: LinkTable, _ members: [Int32]) -> [Int32:
    ComparedFields]
  {
    var found: [Int32: ComparedFields] = [:]
    for (cluster, servers) in Dictionary(grouping: members, by: { table[$0].meshCluster }) {
      let services = Set(servers.map { table[$0].service })
      let clients = table.clients.filter {
        links.answeredBy[Int($0)] < 0 && table[$0].succeeded && services.contains(table[$0].service)
      }
      let succeeded = servers.filter { table[$0].succeeded }
      if clients.isEmpty || succeeded.isEmpty { continue }
      let fields = ComparedFields(table, clients: clients, servers: succeeded)
      if fields != .all { found[cluster] = fields }
    }
    return found
  }

  /// What may be found once other connections are known.
  enum Rest: CaseIterable {
    /// Connections of ports that came back: one hides behind another until that one is known.
    case reusedPorts
    /// Connections to a mesh cluster of whose clock nothing is known: where clients call another one for most of the time,
    /// theirs stands out only when those requests are taken out.
    case strangers
  }

  /// Leaves only the server runs of mesh clusters whose clock some client with an open run cannot tell.
  mutating func keepStrangers(_ table: HopTable, _ triangle: Triangle, _ clocks: ClockTable) {
    let clients = Set(clientRuns.compactMap { triangle.clients[Int($0)].first.map { table[$0].meshCluster } })
    var isStrange: [Int32: Bool] = [:]
    serverRuns.removeAll { run in
      guard let cluster = triangle.servers[Int(run)].first.map({ table[$0].meshCluster }) else { return true }
      if let known = isStrange[cluster] { return !known }
      let strange = clients.contains { !clocks[$0, cluster].isKnown }
      isStrange[cluster] = strange
      return !strange
    }
  }

  /// Leaves only the client runs whose ports another connection had, too, which is linked by now.
  mutating func keepReused(_ triangle: Triangle, _ connections: Connections) {
    var isLinked = [Bool](repeating: false, count: connections.count)
    func group(_ run: Int32) -> Int {
      triangle.clients[Int(run)].first.map { Int(connections.groupOf[Int($0)]) } ?? 0
    }
    for run in triangle.partner.indices where triangle.partner[run] >= 0 {
      isLinked[group(Int32(run))] = true
    }
    clientRuns.removeAll { !isLinked[group($0)] }
  }

  private mutating func collectServers(_ table: HopTable, _ triangle: Triangle) {
    for run in 0..<triangle.servers.count where triangle.caller[run] < 0 {
      let hops = triangle.servers[run]
      guard let first = hops.first, let last = hops.last, serverKey[Int(first)] != 0 else { continue }
      serverRuns.append(Int32(run))
      let service = Int(table[first].service) + 1
      while openTime.count <= service {
        openTime.append(0)
        span.append(nil)
      }
      let (start, end) = (table[first].start, max(table[last].end, table[first].start + OpenHops.shortest))
      openTime[service] += Double(end - start)
      let known = span[service] ?? start...end
      span[service] = min(known.lowerBound, start)...max(known.upperBound, end)
    }
  }

  /// By pod + 1: whether most server hops of the pod that carry an id were found by it. Where ids work, a hop that
  /// its id did not find has lost its other end, and must not be given a foreign one.
  private static func podsWithWorkingIDs(
    _ table: HopTable, _ links: LinkTable, _ nameless: Set<Int32>
  ) -> [Bool] {
    var found = [Int](repeating: 0, count: Int(table.hops.lazy.map(\.pod).max() ?? -1) + 2)
    var all = found
    for hop in table.servers where !table[hop].requestID.isMissing && !nameless.contains(hop) {
      let pod = Int(table[hop].pod) + 1
      all[pod] += 1
      // Not what their sequences told: that is what there is for pods whose ids do not work.
      if Evidence(rawValue: links.parent.evidence[Int(hop)]).contains(.requestID) { found[pod] += 1 }
    }
    return all.indices.map { all[$0] > 0 && found[$0] * 2 >= all[$0] }
  }

  /// How often hops of one content begin on one connection of the service, per microsecond.
  func rate(count: Int, service: Int32) -> Double {
    let place = Int(service) + 1
    let time = place < openTime.count ? openTime[place] : 0
    return Double(max(1, count)) / max(1_000_000, time)
  }

  /// The log odds, before anything is compared, that a given server run is the one: as many as are open at a time,
  /// on average, come into question. That another one is not open then speaks against it as its times do.
  func prior(service: Int32) -> Double {
    let place = Int(service) + 1
    guard place < span.count, let span = span[place] else { return 0 }
    return -Logarithm.natural(max(1, openTime[place] / Double(max(1, span.upperBound - span.lowerBound))))
  }
}
