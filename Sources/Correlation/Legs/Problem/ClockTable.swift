/// Clocks per ordered pair of mesh clusters that something is known of: of thousands of mesh clusters, few pairs.
struct ClockTable {
  /// In ascending order.
  let clusters: [Int32]
  private var numbering: KeyNumbering
  private var ends: [(client: Int32, server: Int32)] = []
  private var clocks: [PairClock] = []

  init(_ table: HopTable) {
    var seen: Set<Int32> = []
    for hop in table.hops { seen.insert(hop.meshCluster) }
    clusters = seen.sorted()
    numbering = KeyNumbering(expecting: 16)
  }

  /// How many pairs have a number.
  var count: Int { clocks.count }

  /// The number of a pair that has one, else -1.
  func find(_ client: Int32, _ server: Int32) -> Int {
    Int(numbering.find(ClockTable.key(client, server)))
  }

  /// The number of a pair, which it keeps.
  mutating func number(_ client: Int32, _ server: Int32) -> Int {
    let number = Int(numbering.number(ClockTable.key(client, server)))
    if number == clocks.count {
      clocks.append(PairClock())
      ends.append((client, server))
    }
    return number
  }

  private static func key(_ client: Int32, _ server: Int32) -> FlatKey {
    FlatKey(FlatKey.pack(client, server), 0, 0)
  }

  /// By number.
  subscript(number: Int) -> PairClock {
    get { clocks[number] }
    set { clocks[number] = newValue }
  }

  subscript(client: Int32, server: Int32) -> PairClock {
    get {
      let number = find(client, server)
      return number < 0 ? PairClock() : clocks[number]
    }
    set { clocks[number(client, server)] = newValue }
  }

  func pair(_ client: Hop, _ server: Hop) -> PairClock { self[client.meshCluster, server.meshCluster] }
}

extension ClockTable {
  /// What is known of every pair of clusters that requests were seen to go between.
  func estimates() -> [ClockEstimate] {
    let known = clocks.indices.filter { clocks[$0].isKnown }.sorted { ends[$0] < ends[$1] }
    return known.map { number in
      let clock = clocks[number]
      return ClockEstimate(
        clientCluster: ends[number].client, serverCluster: ends[number].server, offset: clock.offset,
        drift: clock.drift, uncertainty: clock.halfRoundTrip, referenceTime: clock.reference,
        samples: clock.samples)
    }
  }
}
