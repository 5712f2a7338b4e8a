internal import AccessLog

/// Client hops ↔ server hops that name the same request id and the same service.
///
/// One id may stand for more than one leg: an app passes it on, a retry repeats it, a client sends whatever it
/// likes. So an id is a strong hint that time and content must bear out, never a proof.
struct RequestIDJoin {
  /// Client times server hops of one (id, service) beyond which the id names nothing: a hostile client may send
  /// one id a million times, and pairs grow as the square.
  static let pairLimit = 4096
  /// Microseconds by which a request may seem to lie outside its leg once the clocks are known.
  static let slack: Int64 = 250_000
  /// Microseconds by which a request may seem to lie outside its leg while the clocks are not known. Clusters whose clocks
  /// are further apart are not believed to be one mesh.
  static let maximumSkew: Int64 = 15 * 60 * 1_000_000
  /// Measured on the log sets with truth: of 100 000 such links none was wrong; a rule of three gives this.
  static let soleConfidence = 0.9999

  private let table: HopTable
  private let clientsByKey: Grouping
  private let serversByKey: Grouping
  /// By the number of a pair of clusters in `ClockTable`: what its two ends log alike. Only after `fitClocks`.
  private(set) var fields: [ComparedFields] = []

  /// `known`: hops that are linked already.
  init(_ table: HopTable, without known: Set<Int32> = []) {
    self.table = table
    var numbering = KeyNumbering(expecting: table.servers.count)
    let serverKeys = table.servers.map { position in
      let hop = table[position]
      if !known.isEmpty, known.contains(position) { return Int32(-1) }
      return hop.requestID.isMissing ? -1 : numbering.number(RequestIDJoin.key(hop, hop.service))
    }
    let clientKeys = table.clients.map { position in
      let hop = table[position]
      if !known.isEmpty, known.contains(position) { return Int32(-1) }
      if hop.requestID.isMissing { return Int32(-1) }
      let exact = numbering.find(RequestIDJoin.key(hop, hop.service))
      return exact >= 0 ? exact : numbering.find(RequestIDJoin.key(hop, -1))
    }
    serversByKey = Grouping(items: table.servers, groups: serverKeys, count: numbering.count)
    clientsByKey = Grouping(items: table.clients, groups: clientKeys, count: numbering.count)
  }

  private static func key(_ hop: Hop, _ service: Int32) -> FlatKey {
    FlatKey(hop.requestID.high, hop.requestID.low, FlatKey.pack(0, service))
  }

  /// Requests whose id occurs once at each end: what the clocks are fitted to, and what tells which fields agree.
  mutating func fitClocks(_ clocks: inout ClockTable) {
    var samples: [[ClockSample]] = []
    var different: [(content: Int, authority: Int, agent: Int)] = []
    for key in 0..<serversByKey.count {
      let clientRange = clientsByKey.range(key)
      let serverRange = serversByKey.range(key)
      guard clientRange.count == 1, serverRange.count == 1 else { continue }
      let client = table[clientsByKey.members[clientRange.lowerBound]]
      let server = table[serversByKey.members[serverRange.lowerBound]]
      let there = server.start - client.start
      guard client.succeeded, server.succeeded, abs(there) < RequestIDJoin.maximumSkew else { continue }
      let pair = clocks.number(client.meshCluster, server.meshCluster)
      while samples.count <= pair {
        samples.append([])
        different.append((0, 0, 0))
      }
      samples[pair].append(ClockSample(client, server))
      if client.content != server.content { different[pair].content += 1 }
      if client.authority != server.authority { different[pair].authority += 1 }
      if client.agent != server.agent { different[pair].agent += 1 }
    }
    // What most requests log differently at the two ends says nothing about any.
    fields = samples.indices.map { pair in
      var fields = ComparedFields.all
      if 2 * different[pair].content > samples[pair].count { fields.remove(.content) }
      if 2 * different[pair].authority > samples[pair].count { fields.remove(.authority) }
      if 2 * different[pair].agent > samples[pair].count { fields.remove(.agent) }
      return fields
    }
    for pair in samples.indices where !samples[pair].isEmpty {
      samples[pair].sort { ($0.time, $0.there, $0.back) < ($1.time, $1.there, $1.back) }
      clocks[pair] = ClockFit.fit(samples[pair])
    }
  }

  /// What the ids say before anything else is asked.
  struct Found {
    /// Hops whose id one client hop and one server hop have, which log the same content.
    var sole: [(client: Int32, server: Int32)] = []
    /// Hops whose id one client hop and one server hop have, which log different contents; their ids are among `shared`.
    var doubtful: [(client: Int32, server: Int32)] = []
    /// Ids that take more looking at.
    var shared: [Int] = []
    /// Server hops whose id no client hop has.
    var lost = 0
    /// Server hops whose id is that of more requests than are compared.
    var undecided: [Int32] = []
    /// Hops whose id so many have that it names nothing (a constant): they are looked at as if they had none.
    var nameless: Set<Int32> = []
  }

  /// Sorts ids into those that are plain and those that are not.
  func found(_ clocks: ClockTable) -> Found {
    var found = Found()
    for key in 0..<serversByKey.count {
      let clients = clientsByKey.range(key)
      let servers = serversByKey.range(key)
      if clients.isEmpty { found.lost += servers.count }
      if clients.isEmpty || servers.isEmpty { continue }
      if clients.count * servers.count > RequestIDJoin.pairLimit {
        found.undecided += serversByKey[key]
        found.nameless.formUnion(clientsByKey[key])
        found.nameless.formUnion(serversByKey[key])
        continue
      }
      let client = clientsByKey.members[clients.lowerBound]
      let server = serversByKey.members[servers.lowerBound]
      if clients.count > 1 || servers.count > 1 {
        found.shared.append(key)
      } else if !agree(table[client], table[server], clocks) {
        found.shared.append(key)
        if RequestIDJoin.fits(table[client], table[server], clocks) {
          found.doubtful.append((client, server))
        }
      } else if RequestIDJoin.fits(table[client], table[server], clocks) {
        found.sole.append((client, server))
      }
    }
    return found
  }

  /// Whether two hops ask for the same, as far as the two ends log it alike.
  func agree(_ client: Hop, _ server: Hop, _ clocks: ClockTable) -> Bool {
    if client.content == server.content, client.authority == server.authority, client.agent == server.agent {
      return true
    }
    let pair = clocks.find(client.meshCluster, server.meshCluster)
    return (fields.indices.contains(pair) ? fields[pair] : .all).agree(client, server)
  }

  func clients(_ key: Int) -> ArraySlice<Int32> { clientsByKey[key] }
  func servers(_ key: Int) -> ArraySlice<Int32> { serversByKey[key] }

  /// Whether the times allow that `server` answered `client`: it began within the client's interval, and where
  /// the request succeeded at both ends it also ended within it.
  static func fits(_ client: Hop, _ server: Hop, _ clocks: ClockTable) -> Bool {
    let clock = clocks.pair(client, server)
    let slack = clock.isKnown ? slack + Int64(clock.halfRoundTrip) : maximumSkew
    let begin = server.start - clock.skew(at: client.start)
    if begin < client.start - slack || begin > client.latestPossibleEnd + slack { return false }
    if !client.succeeded || !server.succeeded { return true }
    return begin + max(0, server.duration) <= client.latestPossibleEnd + slack
  }
}
