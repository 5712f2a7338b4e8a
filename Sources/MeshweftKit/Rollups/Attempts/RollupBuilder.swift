internal import AccessLog
internal import Correlation
internal import TraceStore

/// Adds the attempts of one unit of time up to the rows that reports read.
struct RollupBuilder {
  /// Microseconds: rows are by the minute, or by the unit where that is shorter.
  static let bucketMicroseconds: Int64 = 60_000_000

  private let unit: ClosedRange<Int64>
  private let loaded: LoadedHops
  private var kinds: [FactKind: Int32] = [:]
  private var numbers: [LegGroup: Int32] = [:]
  private var groups: [LegGroup] = []
  /// By group: the row that it was last added to.
  private var lastRow: [(bucket: Int64, index: Int)?] = []
  private var rows: [RowKey: Int] = [:]
  private var sums: [RowSums] = []
  private var inFlight: InFlight

  private struct RowKey: Hashable {
    var bucket: Int64
    var group: Int32
  }

  /// A row in the making: what is sorted and packed at the end.
  fileprivate struct RowSums {
    var row: LegRollup
    var clientTimes: [UInt16] = []
    var serverTimes: [UInt16] = []
    var borderTimes: [UInt16] = []
    var connections = KeyBag()
    var slowest = TopAttempts()
    var costliest = TopAttempts()
  }

  /// - Parameters:
  ///   - unit: starts whose attempts are counted, microseconds since the epoch.
  ///   - loaded: its hops and those of the margin around it.
  ///   - outcomes: what correlation says about them, by hop id.
  init(_ unit: ClosedRange<Int64>, _ loaded: LoadedHops, _ outcomes: [HopOutcome]) {
    self.unit = unit
    self.loaded = loaded
    inFlight = InFlight(unit, bucketMicroseconds: RollupBuilder.bucketMicroseconds)
    let facts = Attempts(loaded.hops, outcomes, loaded.connections)
    facts.forEach { fact in
      var fact = fact
      fact.hostPod = loaded.hostPod(of: fact)
      add(fact)
    }
  }

  /// The most requests that were in flight at once, by bucket and series. What they were found by is let go.
  mutating func takePeaks() -> [LegPeak] {
    defer { inFlight = InFlight(unit, bucketMicroseconds: RollupBuilder.bucketMicroseconds) }
    return inFlight.peaks
  }

  /// The rows, by bucket and group. What they were made of is let go one by one: there may be a row for each hop.
  mutating func takeLegs() -> [LegRollup] {
    (kinds, numbers, groups, lastRow, rows) = ([:], [:], [], [], [:])
    var legs: [LegRollup] = []
    legs.reserveCapacity(sums.count)
    for place in sums.indices {
      legs.append(sums[place].row)
      legs[place].take(&sums[place])
    }
    sums = []
    return legs
  }

  private mutating func add(_ fact: Attempt) {
    let group = number(of: fact)
    if fact.attempts > 0, !fact.isConnection { inFlight.add(fact, group: group) }
    guard unit.contains(fact.start) else { return }
    let bucket = RollupBuilder.bucket(of: fact.start, in: unit)
    let index = row(bucket, group, fact)
    sums[index].add(fact)
  }

  static func bucket(of start: Int64, in unit: ClosedRange<Int64>) -> Int64 {
    let phase = start % bucketMicroseconds
    return max(unit.lowerBound, start - (phase < 0 ? phase + bucketMicroseconds : phase))
  }

  private mutating func row(_ bucket: Int64, _ group: Int32, _ fact: Attempt) -> Int {
    if let last = lastRow[Int(group)], last.bucket == bucket { return last.index }
    let key = RowKey(bucket: bucket, group: group)
    let index = rows[key] ?? sums.count
    if index == sums.count {
      rows[key] = index
      sums.append(RowSums(row: LegRollup(bucket: bucket, group: groups[Int(group)], firstStart: fact.start)))
    }
    lastRow[Int(group)] = (bucket, index)
    return index
  }

  /// The number of a fact's group. Facts of one group are alike in a few small numbers, which are quicker to look up.
  private mutating func number(of fact: Attempt) -> Int32 {
    let kind = FactKind(fact)
    if let number = kinds[kind] { return number }
    let group = loaded.group(of: fact)
    let number = numbers[group] ?? Int32(groups.count)
    if number == groups.count {
      numbers[group] = number
      groups.append(group)
      lastRow.append(nil)
      inFlight.add(group)
    }
    kinds[kind] = number
    return number
  }
}

extension LoadedHops {
  /// What an attempt is counted under, in the store's own ids.
  func group(of fact: Attempt) -> LegGroup {
    var group = LegGroup()
    if fact.service >= 0 {
      (group.serviceHost, group.servicePort) = serviceIDs[Int(fact.service)]
    }
    group.host = storedAddress(fact.host)
    group.hostSource = source(ofPod: fact.hostPod)
    group.client = source(ofPod: fact.clientPod)
    group.firstProxy = source(ofPod: fact.firstProxyPod)
    if !fact.earlierProxies.isEmpty { group.chain = fact.earlierProxies.map { source(ofPod: $0) } }
    group.proxy = source(ofPod: fact.proxyPod)
    group.server = source(ofPod: fact.serverPod)
    group.carrierStatus = Int64(fact.carrierStatus.rawValue)
    group.responseFlags = Int64(bitPattern: fact.flags.rawValue)
    group.failureCode = Int64(fact.failureCode)
    return group
  }

  /// The server, or the pod that had its address then in the mesh cluster of who called it.
  func hostPod(of fact: Attempt) -> Int32 {
    if fact.serverPod >= 0 || fact.host <= 0 { return fact.serverPod }
    let caller = fact.proxyPod >= 0 ? fact.proxyPod : fact.clientPod
    let meshCluster = caller < 0 ? -1 : podClusters[Int(caller)]
    return hosts.pod(at: fact.host, from: meshCluster, time: fact.hostTime)
  }

  private func source(ofPod pod: Int32) -> Int64 { pod < 0 ? 0 : podSources[Int(pod)] }
}

/// What decides the group of a fact, in the indices of its hops.
private struct FactKind: Hashable {
  private var pods: SIMD4<Int32>
  private var service: Int32
  private var failureCode: Int32
  private var hostPod: Int32
  private var host: Int64
  private var flags: UInt64
  private var status: UInt8
  private var chain: [Int32]

  init(_ fact: Attempt) {
    pods = SIMD4(fact.clientPod, fact.firstProxyPod, fact.proxyPod, fact.serverPod)
    service = fact.service
    failureCode = fact.failureCode
    host = fact.host
    hostPod = fact.hostPod
    flags = fact.flags.rawValue
    status = fact.carrierStatus.rawValue
    chain = fact.earlierProxies
  }

  func hash(into hasher: inout Hasher) {
    // Six words to one first: the hasher's own price is by the word.
    let hash = FactKind.hash
    let sum =
      hash.part(0, UInt64(bitPattern: host)) &+ hash.part(1, flags)
      &+ hash.part(2, FactKind.word(pods[0], pods[1]))
      &+ hash.part(3, FactKind.word(pods[2], pods[3])) &+ hash.part(4, FactKind.word(service, failureCode))
      &+ hash.part(5, FactKind.word(hostPod, Int32(status) | Int32(chain.count) << 8))
    hasher.combine(hash.finish(sum))
  }

  private static func word(_ high: Int32, _ low: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
  }

  /// Of the process: what logs can say must not be able to have one hash.
  private static let hash = MultilinearHash(.random(), words: 6, purpose: 0)
}

extension LegRollup {
  /// Packs what was collected, which is empty then.
  fileprivate mutating func take(_ sums: inout RollupBuilder.RowSums) {
    clientTimes = DurationHistogram(unsorted: sums.clientTimes).encoded
    serverTimes = DurationHistogram(unsorted: sums.serverTimes).encoded
    borderTimes = DurationHistogram(unsorted: sums.borderTimes).encoded
    connections = sums.connections.sorted()
    slowest = sums.slowest.encoded
    costliest = sums.costliest.encoded
    sums = RollupBuilder.RowSums(row: sums.row)
  }
}

extension RollupBuilder.RowSums {
  fileprivate mutating func add(_ fact: Attempt) {
    row.requests += fact.requests
    row.attempts += fact.attempts
    row.busy += fact.busy
    row.bytesSent &+= fact.bytesSent
    row.bytesReceived &+= fact.bytesReceived
    row.firstStart = min(row.firstStart, fact.start)
    row.lastStart = max(row.lastStart, fact.start)
    if fact.requests > 0 {
      let confidence = Int64((fact.confidence * 10_000).rounded())
      row.confidenceSum += confidence
      row.confidenceMin = min(row.confidenceMin, confidence)
    }
    if fact.connection != 0 { connections.add(fact.connection) }
    if fact.clientTime >= 0 {
      row.clientTime &+= fact.clientTime
      clientTimes.append(DurationHistogram.bin(fact.clientTime))
    }
    if fact.serverTime >= 0 {
      row.serverTime &+= fact.serverTime
      serverTimes.append(DurationHistogram.bin(fact.serverTime))
    }
    if fact.attempts > 0, !fact.isConnection { slowest.add(fact.hop, max(0, fact.time)) }
    if fact.borderTime >= 0, !fact.isConnection {
      borderTimes.append(DurationHistogram.bin(fact.borderTime))
      costliest.add(fact.hop, fact.borderTime)
    }
  }
}
