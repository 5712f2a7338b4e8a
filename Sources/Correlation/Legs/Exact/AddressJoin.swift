internal import AccessLog

/// Joins that need no guess: both ends of one TCP connection wrote down the same address.
///
/// Always with time, because ports come back within minutes, and with the address called, because one source
/// port can serve two destinations at once.
enum AddressJoin {
  /// Microseconds by which a hop may lie outside its carrier's interval: nodes of one mesh cluster keep time by
  /// NTP to some milliseconds, while a four-tuple is not used again for seconds.
  static let slack: Int64 = 500_000

  /// Confidence of an exact address join within the interval.
  static let confidence = 0.9999

  /// Carriers by the pair of addresses that their other end logs, each key's carriers in order of start.
  struct Carriers {
    private let numbering: KeyNumbering
    private let grouping: Grouping

    init(_ table: HopTable, key: (Hop) -> FlatKey?) {
      var numbering = KeyNumbering(expecting: table.proxies.count)
      var groups = [Int32](repeating: -1, count: table.proxies.count)
      for index in table.proxies.indices {
        if let key = key(table[table.proxies[index]]) { groups[index] = numbering.number(key) }
      }
      self.numbering = numbering
      grouping = Grouping(items: table.proxies, groups: groups, count: numbering.count)
    }

    /// The carriers with this key, in order of start.
    func callAsFunction(_ key: FlatKey) -> ArraySlice<Int32> {
      let group = numbering.find(key)
      return group < 0 ? [] : grouping[Int(group)]
    }

    var isEmpty: Bool { numbering.count == 0 }

    /// Carriers by what their server calls them and itself.
    static func byUpstream(_ table: HopTable) -> Carriers {
      Carriers(table) { hop in
        hop.upstreamLocal == 0
          ? nil : FlatKey(UInt64(bitPattern: hop.upstreamLocal), UInt64(bitPattern: hop.upstreamHost), 0)
      }
    }
  }

  /// What finds the carriers of a server hop in `Carriers.byUpstream`.
  static func upstreamKey(server hop: Hop) -> FlatKey {
    FlatKey(UInt64(bitPattern: hop.downstreamRemote), UInt64(bitPattern: hop.downstreamLocal), 0)
  }

  /// Server hops ↔ carriers: `proxy.upstreamLocal == server.downstreamRemote` and
  /// `proxy.upstreamHost == server.downstreamLocal`.
  static func linkServers(
    _ table: HopTable, _ servers: Connections, _ repeated: RepeatedLines, _ links: inout LinkTable
  ) {
    let carriers = Carriers.byUpstream(table)
    if carriers.isEmpty { return }
    for group in 0..<servers.count {
      let members = servers.grouping[group]
      guard let first = members.first.map({ table[$0] }) else { continue }
      let candidates = carriers(upstreamKey(server: first))
      if candidates.isEmpty { continue }
      for member in members {
        let carrier = holder(of: table[member].start, among: candidates, repeated, table)
        if carrier >= 0 { links.carrier.set(member, carrier, confidence, [.address]) }
      }
    }
  }

  /// How many carriers of one pair of addresses are looked at, from the latest start back: a log that repeats one
  /// four-tuple without end must not make the join quadratic.
  static let reuseLimit = 64

  /// The carrier whose interval holds `time` (on the carrier's clock), or the nearest within the slack, or -1.
  ///
  /// Of lines that repeat one connection (`access_log_flush_interval`) the last and longest is the total.
  static func holder(
    of time: Int64, among carriers: ArraySlice<Int32>, _ repeated: RepeatedLines, _ table: HopTable
  ) -> Int32 {
    var best: Int32 = -1
    var bestMiss = slack + 1
    let started = carriers.partitioningIndex { table[$0].start > time + slack }
    for candidate in carriers[..<started].suffix(reuseLimit) {
      let carrier = table[candidate]
      let miss = max(0, carrier.start - time, time - repeated.latestEnd(candidate, table))
      if miss > bestMiss || miss > slack { continue }
      if miss == bestMiss, best >= 0, !supersedes(carrier, table[best]) { continue }
      best = candidate
      bestMiss = miss
    }
    return best
  }

  private static func supersedes(_ later: Hop, _ earlier: Hop) -> Bool {
    (later.start, later.duration, later.id) > (earlier.start, earlier.duration, earlier.id)
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index whose element satisfies a predicate that is false up to some point and true from there on.
  func partitioningIndex(where belongsInSecondPart: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if belongsInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
