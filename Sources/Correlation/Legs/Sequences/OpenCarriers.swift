/// Client connections and carriers whose other ends are not known, and those that are known to belong together.
struct OpenCarriers {
  private(set) var runs: [ClientRun] = []
  private(set) var carriers: [Int32] = []
  /// Runs whose carrier is known: what bytes and gaps are learned from.
  private(set) var known: [(run: ClientRun, carrier: Int32)] = []

  /// Runs of client connections without a carrier that nothing is known of, where a hop starts in `own`.
  static func runs(
    _ table: HopTable, _ triangle: Triangle, _ links: LinkTable, own: ClosedRange<Int64>?
  ) -> [ArraySlice<Int32>] {
    var runs: [ArraySlice<Int32>] = []
    for run in 0..<triangle.clients.count where triangle.partner[run] < 0 {
      let hops = triangle.clients[run]
      let isOpen = hops.allSatisfy { links.carrier.target[Int($0)] < 0 }
      if isOpen, hops.contains(where: { own?.contains(table.hops[Int($0)].start) ?? true }) {
        runs.append(hops)
      }
    }
    return runs
  }

  /// nil where there is nothing to match, because no carrier is left.
  init?(_ open: [ArraySlice<Int32>], _ table: HopTable, _ triangle: Triangle, _ links: LinkTable) {
    carriers = OpenCarriers.untouched(table, links)
    if carriers.isEmpty { return nil }
    let logs = OpenCarriers.logs(table)
    func run(_ hops: ArraySlice<Int32>) -> ClientRun {
      var run = ClientRun(table, Array(hops))
      run.log = logs[Int(table[run.hops[0]].pod) + 1]
      return run
    }
    runs = open.map(run)
    for number in 0..<triangle.clients.count {
      let hops = triangle.clients[number]
      guard let first = hops.first else { continue }
      let carrier = links.carrier.target[Int(first)]
      if carrier >= 0, hops.allSatisfy({ links.carrier.target[Int($0)] == carrier }) {
        known.append((run(hops), carrier))
      }
    }
  }

  /// By pod + 1: the first and the last start of its client hops.
  private static func logs(_ table: HopTable) -> [ClosedRange<Int64>] {
    let pods = Int(table.clients.lazy.map { table[$0].pod }.max() ?? -1) + 2
    var logs = [ClosedRange<Int64>?](repeating: nil, count: pods)
    for hop in table.clients {
      let (pod, start) = (Int(table[hop].pod) + 1, table[hop].start)
      logs[pod] = min(start, logs[pod]?.lowerBound ?? start)...max(start, logs[pod]?.upperBound ?? start)
    }
    return logs.map { $0 ?? 0...0 }
  }

  /// Carriers, one line each, that no hop is linked to.
  static func untouched(_ table: HopTable, _ links: LinkTable) -> [Int32] {
    var taken = [Bool](repeating: false, count: table.hops.count)
    for carrier in links.carrier.target where carrier >= 0 { taken[Int(carrier)] = true }
    return totals(table).filter { !taken[Int($0)] }
  }

  /// Carriers, one line each, that no client hop is linked to.
  static func unclaimed(_ table: HopTable, _ links: LinkTable) -> [Int32] {
    var taken = [Bool](repeating: false, count: table.hops.count)
    for client in table.clients where links.carrier.target[Int(client)] >= 0 {
      taken[Int(links.carrier.target[Int(client)])] = true
    }
    return totals(table).filter { !taken[Int($0)] }
  }

  /// Carriers that reached an upstream, one line each: of lines that repeat a connection the last.
  static func totals(_ table: HopTable) -> [Int32] {
    var kept: [Int32] = []
    var numbering = KeyNumbering(expecting: table.proxies.count)
    for hop in table.proxies where table[hop].upstreamLocal != 0 {
      let line = table[hop]
      let key = FlatKey(
        UInt64(bitPattern: line.downstreamRemote), UInt64(bitPattern: line.upstreamLocal),
        UInt64(bitPattern: line.start))
      let number = Int(numbering.number(key))
      if number == kept.count {
        kept.append(hop)
      } else if (table[kept[number]].duration, table[kept[number]].id) < (line.duration, line.id) {
        kept[number] = hop
      }
    }
    return kept
  }
}
