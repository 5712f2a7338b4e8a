/// Client connection ↔ server connection, from the requests that were linked one by one.
///
/// Every request of a connection went over the same carrier, so a few linked requests speak for all of it: that
/// is how a carrier is found through any NAT.
struct Triangle {
  let servers: ConnectionRuns
  /// Client connections cut where they go over to another server run.
  let clients: ConnectionRuns
  /// Per client run the server run at its other end, or -1.
  let partner: [Int32]
  /// Per server run the client connection that most of its requests came from, or -1.
  let caller: [Int32]

  init(
    _ table: HopTable, clients connections: Connections, servers: ConnectionRuns, _ links: LinkTable,
    _ clocks: ClockTable
  ) {
    self.servers = servers
    assert(servers.of.count == table.hops.count)
    let caller = Triangle.callers(servers, connections, links)
    let context = Labels(table: table, links: links, servers: servers, clocks: clocks)
    var numbers: [Int32] = []
    numbers.reserveCapacity(connections.grouping.members.count)
    var partner: [Int32] = []
    for group in 0..<connections.count {
      let members = connections.grouping[group]
      var labels = members.map { hop in
        Triangle.ownLabel(hop, group: group, links, servers, caller, table, clocks)
      }
      context.fill(&labels, members)
      for (index, label) in labels.enumerated() {
        if index == 0 || label != labels[index - 1] { partner.append(label) }
        numbers.append(Int32(partner.count - 1))
      }
    }
    self.caller = caller
    self.partner = partner
    assert(partner.allSatisfy { $0 >= -1 && $0 < servers.count })
    self.clients = ConnectionRuns(
      items: connections.grouping.members, numbers: numbers, count: partner.count,
      hopCount: table.hops.count)
  }

  /// The server run that answered this hop's last attempt, unless most of that run is somebody else's:
  /// then the last attempt's line was lost, and this is an earlier one.
  private static func ownLabel(
    _ hop: Int32, group: Int, _ links: LinkTable, _ servers: ConnectionRuns, _ caller: [Int32],
    _ table: HopTable, _ clocks: ClockTable
  ) -> Int32 {
    let answer = links.answeredBy[Int(hop)]
    if answer < 0 || !LastAttempt.isAnswer(table[answer], of: table[hop], clocks) { return -1 }
    let run = servers.of[Int(answer)]
    return run >= 0 && caller[Int(run)] == Int32(group) ? run : -1
  }

  /// Boyer–Moore majority vote per run.
  private static func callers(
    _ servers: ConnectionRuns, _ connections: Connections, _ links: LinkTable
  ) -> [Int32] {
    (0..<servers.count).map { run in
      var leader: Int32 = -1
      var lead = 0
      for hop in servers[run] {
        let caller = ConnectionRuns.caller(of: hop, links, connections)
        if caller < 0 { continue }
        if lead == 0 { leader = caller }
        lead += caller == leader ? 1 : -1
      }
      return leader
    }
  }
}

/// Gives unlinked hops of a client connection the server run of their neighbours.
private struct Labels {
  let table: HopTable
  let links: LinkTable
  let servers: ConnectionRuns
  let clocks: ClockTable

  func fill(_ labels: inout [Int32], _ members: ArraySlice<Int32>) {
    if labels.allSatisfy({ $0 >= 0 }) || labels.allSatisfy({ $0 < 0 }) { return }
    let own = labels
    var following = [Int32](repeating: -1, count: labels.count)
    var next: Int32 = -1
    for index in labels.indices.reversed() {
      if own[index] >= 0 { next = own[index] }
      following[index] = next
    }
    var previous: Int32 = -1
    for index in labels.indices {
      if own[index] >= 0 {
        previous = own[index]
      } else {
        labels[index] = choose(members[members.startIndex + index], previous, following[index])
      }
    }
  }

  private func choose(_ hop: Int32, _ previous: Int32, _ next: Int32) -> Int32 {
    let before = previous >= 0 && allows(hop, previous)
    let after = next >= 0 && allows(hop, next)
    switch (before, after) {
    case (true, true): return previous == next ? previous : nearer(hop, previous, next)
    case (true, false): return previous
    case (false, true): return next
    case (false, false): return -1
    }
  }

  /// Whether the run's carrier lived while the hop ran; where the carrier is not known nothing forbids it.
  private func allows(_ hop: Int32, _ run: Int32) -> Bool {
    guard let sample = servers[Int(run)].first else { return false }
    let carrier = links.carrier.target[Int(sample)]
    if carrier < 0 { return true }
    return CarrierTime.overlaps(table[hop], table[carrier], clocks)
  }

  private func nearer(_ hop: Int32, _ previous: Int32, _ next: Int32) -> Int32 {
    guard let last = servers[Int(previous)].last, let first = servers[Int(next)].first else { return -1 }
    let time = table[hop].start + clocks.pair(table[hop], table[last]).skew(at: table[hop].start)
    return time - table[last].end <= table[first].start - time ? previous : next
  }
}
