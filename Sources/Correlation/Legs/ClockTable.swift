internal import AccessLog

/// What is known of one ordered pair of mesh clusters (client, server): how their clocks differ, and how long a
/// request takes between the two ends.
struct PairClock {
  /// Server clock minus client clock at `reference`, microseconds.
  var offset: Double = 0
  /// Microseconds per second.
  var drift: Double = 0
  var reference: Int64 = 0
  /// Half of the typical difference between the two ends' durations, microseconds.
  var halfRoundTrip: Double = 0
  var samples = 0

  var isKnown: Bool { samples > 0 }

  /// Server clock minus client clock when the client's clock says `time`.
  func skew(at time: Int64) -> Int64 {
    Int64((offset + drift * Double(time - reference) / 1e6).rounded())
  }
}

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

/// One request seen at both ends: the samples that a clock is fitted to.
struct ClockSample {
  /// Start on the client's clock.
  var time: Int64
  /// server.start − client.start, microseconds.
  var there: Int64
  /// client.end − server.end, microseconds.
  var back: Int64
}

enum ClockFit {
  /// Samples beyond which more do not help; they are taken evenly over time.
  static let sampleLimit = 8192
  /// Stretches of time whose medians the drift is fitted through.
  static let bucketLimit = 24
  /// Samples that one stretch's median needs.
  static let bucketMinimum = 24
  /// Parts per million: no working computer's clock runs off faster (NTP gives up beyond 500).
  static let driftLimit = 500.0

  /// A robust line through the samples' offsets: medians per stretch of time, Theil–Sen through these.
  static func fit(_ samples: [ClockSample]) -> PairClock {
    var clock = PairClock()
    if samples.isEmpty { return clock }
    let used = thinned(samples)
    clock.samples = samples.count
    clock.reference = used[used.count / 2].time
    let size = max(bucketMinimum, (used.count + bucketLimit - 1) / bucketLimit)
    var points: [(seconds: Double, offset: Double)] = []
    var start = 0
    while start < used.count {
      let end = used.count - start < 2 * size ? used.count : start + size
      points.append(center(used[start..<end], clock.reference))
      start = end
    }
    clock.drift = slope(points)
    let residuals = points.map { $0.offset - clock.drift * $0.seconds }
    clock.offset = median(residuals)
    clock.halfRoundTrip = max(0, median(used.map { Double($0.there + $0.back) }) / 2)
    return clock
  }

  private static func thinned(_ samples: [ClockSample]) -> [ClockSample] {
    if samples.count <= sampleLimit { return samples }
    return (0..<sampleLimit).map { samples[$0 * samples.count / sampleLimit] }
  }

  private static func center(
    _ samples: ArraySlice<ClockSample>, _ reference: Int64
  ) -> (seconds: Double, offset: Double) {
    let there = median(samples.map { Double($0.there) })
    let back = median(samples.map { Double($0.back) })
    let time = median(samples.map { Double($0.time - reference) })
    return (time / 1e6, (there - back) / 2)
  }

  /// Theil–Sen: the median of the slopes between all pairs of points that are more than `apart` seconds from each
  /// other.
  static func slope(_ points: [(seconds: Double, offset: Double)], apart: Double = 1) -> Double {
    var slopes: [Double] = []
    for later in points.indices.dropFirst() {
      for earlier in 0..<later where points[later].seconds - points[earlier].seconds > apart {
        let rise = points[later].offset - points[earlier].offset
        slopes.append(rise / (points[later].seconds - points[earlier].seconds))
      }
    }
    return slopes.isEmpty ? 0 : min(driftLimit, max(-driftLimit, median(slopes)))
  }

  static func median(_ values: [Double]) -> Double {
    if values.isEmpty { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
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
