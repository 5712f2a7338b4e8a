/// Aligns two connections by order, content and time.
struct Aligner {
  let table: HopTable
  let open: OpenHops
  let model: ShapeModel

  func align(_ clients: [Int32], keys: [UInt64], _ servers: [Int32]) -> Alignment {
    assert(keys.count == clients.count)
    assert(servers.isOrdered { table[$0].start <= table[$1].start })
    var result = Alignment(score: 0, pairs: [])
    var used = [Bool](repeating: false, count: servers.count)
    var first = 0
    var matchedClient = [Bool](repeating: false, count: clients.count)
    for (place, client) in clients.enumerated() {
      let hop = table[client]
      let from = hop.start + model.clock.skew(at: hop.start) - model.slack
      while first < servers.count, table[servers[first]].start < from { first += 1 }
      guard let (best, gain) = match(hop, key: keys[place], servers, from: first, used) else { continue }
      used[best] = true
      matchedClient[place] = true
      result.score += gain
      result.pairs.append((client, servers[best]))
    }
    if result.pairs.isEmpty { return result }
    result.score -= unmatched(matchedClient) + unmatched(used)
    return result
  }

  private func match(
    _ hop: Hop, key: UInt64, _ servers: [Int32], from first: Int, _ used: [Bool]
  ) -> (place: Int, gain: Double)? {
    var best: (place: Int, gain: Double)?
    eachFitting(hop, key: key, servers, from: first) { place, gain in
      if !used[place], best.map({ gain > $0.gain }) ?? true { best = (place, gain) }
    }
    return best
  }

  /// Calls `body` with the place, and the nats, of each server hop from `first` on that may be the client hop's.
  private func eachFitting(
    _ hop: Hop, key: UInt64, _ servers: [Int32], from first: Int, _ body: (Int, Double) -> Void
  ) {
    let to = hop.latestPossibleEnd + model.clock.skew(at: hop.start) + model.slack
    var rate: Double?
    var place = first
    while place < servers.count, place < first + Alignment.scanLimit, table[servers[place]].start <= to {
      let server = table[servers[place]]
      if open.serverKey[Int(servers[place])] == key, model.contains(hop, server) {
        let known = rate ?? open.rate(count: open.index.range(key).count, service: hop.service)
        rate = known
        body(place, model.evidence(hop, server, rate: known))
      }
      place += 1
    }
  }

  /// Which requests are which, once the two connections are known to be one: the best of all ways, and how sure each
  /// pair is. Alike requests that a multiplexed connection carries at once can be told apart by their times only.
  func pairs(_ clients: [Int32], keys: [UInt64], _ servers: [Int32]) -> [ConnectionPair] {
    var scores: [(row: Int, column: Int, score: Double)] = []
    var first = 0
    for (row, client) in clients.enumerated() {
      let hop = table[client]
      let from = hop.start + model.clock.skew(at: hop.start) - model.slack
      while first < servers.count, table[servers[first]].start < from { first += 1 }
      eachFitting(hop, key: keys[row], servers, from: first) { column, gain in
        // The alternative is that the lines of both other ends were lost.
        let believed = gain < 0 ? gain * Aligner.surprise : gain
        scores.append((row, column, believed + 2 * Alignment.missing))
      }
    }
    let contest = Contest(rows: clients.count, columns: servers.count, scores)
    return contest.verdicts(temper: Aligner.temper, ceiling: 1).map { verdict in
      ConnectionPair(
        client: clients[verdict.row], server: servers[verdict.column], confidence: verdict.confidence,
        runnerUp: verdict.columnRival.place.map { clients[$0] } ?? -1, margin: verdict.columnRival.margin)
    }
  }

  /// What a nat against a pair is worth: a slow moment happens to any request, a lost line at either end hardly ever.
  private static let surprise = 0.25
  /// What a nat about single requests is worth: their delays have less to do with each other than those of a whole
  /// connection's requests with another's.
  private static let temper = 0.9

  /// What unmatched hops cost: each one between matched ones, and each end as a whole.
  private func unmatched(_ matched: [Bool]) -> Double {
    guard let low = matched.firstIndex(of: true), let high = matched.lastIndex(of: true) else { return 0 }
    let inside = matched[low...high].count { !$0 }
    let before = min(Alignment.tail, Double(low) * Alignment.missing)
    let after = min(Alignment.tail, Double(matched.count - 1 - high) * Alignment.missing)
    return Double(inside) * Alignment.missing + before + after
  }
}
