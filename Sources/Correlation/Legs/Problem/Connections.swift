internal import AccessLog

/// Hops grouped into connections by the addresses that both of a connection's ends, or one of them, wrote down.
///
/// A group is one four-tuple, which several connections may have used one after the other: ports come back
/// within minutes. `ConnectionRuns` tells those apart.
struct Connections {
  /// Hop positions by group, in time order.
  let grouping: Grouping
  /// The group of each hop position, -1 where the hop names no connection.
  let groupOf: [Int32]

  var count: Int { grouping.count }

  /// Client hops by (pod, own address, address called, service): one connection serves one cluster of upstreams.
  static func ofClients(_ table: HopTable) -> Connections {
    Connections(table, table.clients) { hop in
      hop.upstreamLocal == 0
        ? nil
        : FlatKey(
          UInt64(bitPattern: hop.upstreamLocal), UInt64(bitPattern: hop.upstreamHost),
          FlatKey.pack(hop.pod, hop.service))
    }
  }

  /// Server hops by (peer's address, own address): the peer is the carrier, or the client where there is none.
  static func ofServers(_ table: HopTable) -> Connections {
    Connections(table, table.servers) { hop in
      hop.downstreamRemote == 0
        ? nil
        : FlatKey(
          UInt64(bitPattern: hop.downstreamRemote), UInt64(bitPattern: hop.downstreamLocal),
          FlatKey.pack(hop.pod, 0))
    }
  }

  private init(_ table: HopTable, _ members: [Int32], key: (Hop) -> FlatKey?) {
    var numbering = KeyNumbering(expecting: members.count / 8)
    var groupOf = [Int32](repeating: -1, count: table.hops.count)
    var groups = [Int32](repeating: -1, count: members.count)
    for index in members.indices {
      guard let key = key(table[members[index]]) else { continue }
      groups[index] = numbering.number(key)
      groupOf[Int(members[index])] = groups[index]
    }
    self.groupOf = groupOf
    grouping = Grouping(items: members, groups: groups, count: numbering.count)
  }
}
