internal import TraceStore

/// How many requests are in flight at once, by host, by service, by client and by proxy: a sweep over their starts
/// and ends. A request that began before the unit of time counts while it lasts.
struct InFlight {
  private let unit: ClosedRange<Int64>
  private let bucketMicroseconds: Int64
  private var series: [SeriesKey: Int32] = [:]
  private var intervals: [[Interval]] = []
  /// By the number of a group: the series that its requests are in, -1 for none.
  private var seriesOfGroup: [SIMD4<Int32>] = []

  struct SeriesKey: Hashable {
    var series: Int64
    var serviceHost: Int64
    var servicePort: Int64
    var key: Int64
    var hostSource: Int64
  }

  private struct Interval {
    var start: Int64
    var end: Int64
  }

  init(_ unit: ClosedRange<Int64>, bucketMicroseconds: Int64) {
    self.unit = unit
    self.bucketMicroseconds = bucketMicroseconds
  }

  /// Makes room for the next group; groups come in the order of their numbers, before their requests.
  mutating func add(_ group: LegGroup) {
    var all = SIMD4<Int32>(repeating: -1)
    all[0] = index(.host, group, group.host, hostSource: group.hostSource)
    all[1] = index(.service, group, 0)
    if group.client != 0 { all[2] = index(.source, group, group.client) }
    if group.proxy != 0 { all[3] = index(.proxy, group, group.proxy) }
    seriesOfGroup.append(all)
  }

  mutating func add(_ fact: Attempt, group: Int32) {
    let end = fact.start &+ fact.busy
    guard fact.start <= unit.upperBound, end >= unit.lowerBound else { return }
    let all = seriesOfGroup[Int(group)]
    for kind in 0..<4 where all[kind] >= 0 {
      intervals[Int(all[kind])].append(Interval(start: fact.start, end: end))
    }
  }

  private mutating func index(
    _ kind: LegPeak.Series, _ group: LegGroup, _ key: Int64, hostSource: Int64 = 0
  ) -> Int32 {
    let name = SeriesKey(
      series: kind.rawValue, serviceHost: group.serviceHost, servicePort: group.servicePort, key: key,
      hostSource: hostSource)
    if let index = series[name] { return index }
    let index = Int32(intervals.count)
    series[name] = index
    intervals.append([])
    return index
  }

  var peaks: [LegPeak] {
    var peaks: [LegPeak] = []
    for (name, index) in series {
      for (bucket, inFlight) in highest(intervals[Int(index)]) {
        guard let kind = LegPeak.Series(rawValue: name.series) else { continue }
        peaks.append(
          LegPeak(
            bucket: bucket, series: kind, serviceHost: name.serviceHost, servicePort: name.servicePort,
            key: name.key, hostSource: name.hostSource, inFlight: inFlight))
      }
    }
    return peaks
  }

  /// By bucket in which a request of the unit began; what ends as another begins is not in flight with it.
  private func highest(_ intervals: [Interval]) -> [(bucket: Int64, inFlight: Int64)] {
    let starts = intervals.map(\.start).sorted()
    let ends = intervals.map(\.end).sorted()
    var peaks: [(bucket: Int64, inFlight: Int64)] = []
    var ended = 0
    for (begun, start) in starts.enumerated() {
      while ended < begun, ends[ended] <= start { ended += 1 }
      guard start >= unit.lowerBound else { continue }
      let phase = start % bucketMicroseconds
      let bucket = max(unit.lowerBound, start - (phase < 0 ? phase + bucketMicroseconds : phase))
      let inFlight = Int64(begun - ended + 1)
      if peaks.last?.bucket == bucket {
        peaks[peaks.count - 1].inFlight = max(peaks[peaks.count - 1].inFlight, inFlight)
      } else {
        peaks.append((bucket, inFlight))
      }
    }
    return peaks
  }
}
