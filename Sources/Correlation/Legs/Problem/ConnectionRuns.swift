internal import AccessLog

/// Runs of hops, in the order of time, for which one pair of addresses was one connection.
struct ConnectionRuns {
  /// Hop positions by run, in time order.
  private(set) var grouping: Grouping
  /// The run of each hop position, -1 where it has none.
  private(set) var of: [Int32]

  var count: Int { grouping.count }

  subscript(_ run: Int) -> ArraySlice<Int32> { grouping[run] }

  /// `numbers` is the run of each item, ascending within a connection; -1 leaves an item out.
  init(items: [Int32], numbers: [Int32], count: Int, hopCount: Int) {
    assert(items.count == numbers.count && numbers.allSatisfy { $0 < count })
    var of = [Int32](repeating: -1, count: hopCount)
    for index in items.indices { of[Int(items[index])] = numbers[index] }
    self.of = of
    grouping = Grouping(items: items, groups: numbers, count: count)
  }

  /// Server connections cut where the carrier changes and, where no carrier is known, where the caller does.
  static func ofServers(
    _ table: HopTable, _ connections: Connections, _ links: LinkTable, callers: Connections
  ) -> ConnectionRuns {
    var numbers: [Int32] = []
    numbers.reserveCapacity(connections.grouping.members.count)
    var number: Int32 = -1
    for group in 0..<connections.count {
      var carrier: Int32 = -2
      var caller: Int32 = -1
      for hop in connections.grouping[group] {
        let nextCarrier = links.carrier.target[Int(hop)]
        let nextCaller = ConnectionRuns.caller(of: hop, links, callers)
        let handedOver = nextCarrier < 0 && caller >= 0 && nextCaller >= 0 && nextCaller != caller
        if nextCarrier != carrier || handedOver {
          number += 1
          carrier = nextCarrier
          caller = nextCaller
        } else if caller < 0 {
          caller = nextCaller
        }
        numbers.append(number)
      }
    }
    return ConnectionRuns(
      items: connections.grouping.members, numbers: numbers, count: Int(number) + 1,
      hopCount: table.hops.count)
  }

  /// The client connection that this server hop answered on: known for the last attempt of a request only.
  static func caller(of server: Int32, _ links: LinkTable, _ callers: Connections) -> Int32 {
    let client = links.parent.target[Int(server)]
    if client < 0 || links.answeredBy[Int(client)] != server { return -1 }
    return callers.groupOf[Int(client)]
  }
}
