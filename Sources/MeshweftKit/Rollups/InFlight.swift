internal import TraceStore

/// How many requests are in flight at once, by host, by service, by client and by proxy: a sweep over their starts
/// and ends. A request that began before the piece of time counts while it lasts.
struct InFlight {
  private let unit: ClosedRange<Int64>
  private let bucketMicroseconds: Int64
  private var series: [SeriesKey: Int32] = [:]
  private var intervals: [[Interval]] = []

  struct SeriesKey: Hashable {
    var series: Int64
    var serviceHost: Int64
    var servicePort: Int64
    var key: Int64
  }

  private struct Interval {
    var start: Int64
    var end: Int64
  }

  init(_ unit: ClosedRange<Int64>, bucketMicroseconds: Int64) {
    self.unit = unit
    self.bucketMicroseconds = bucketMicroseconds
  }

  mutating func add(_ fact: LegFact, _ group: LegGroup) {
    let end = fact.start &+ fact.busy
    guard fact.start <= unit.upperBound, end >= unit.lowerBound else { return }
    let interval = Interval(start: fact.start, end: end)
    add(interval, .host, group, group.host)
    add(interval, .service, group, 0)
    if group.client != 0 { add(interval, .source, group, group.client) }
    if group.proxy != 0 { add(interval, .proxy, group, group.proxy) }
  }

  private mutating func add(_ interval: Interval, _ kind: LegPeak.Series, _ group: LegGroup, _ key: Int64) {
    let name = SeriesKey(
      series: kind.rawValue, serviceHost: group.serviceHost, servicePort: group.servicePort, key: key)
    if let index = series[name] {
      intervals[Int(index)].append(interval)
    } else {
      series[name] = Int32(intervals.count)
      intervals.append([interval])
    }
  }

  var peaks: [LegPeak] {
    var peaks: [LegPeak] = []
    for (name, index) in series {
      for (bucket, inFlight) in highest(intervals[Int(index)]) {
        guard let kind = LegPeak.Series(rawValue: name.series) else { continue }
        peaks.append(
          LegPeak(
            bucket: bucket, series: kind, serviceHost: name.serviceHost, servicePort: name.servicePort,
            key: name.key, inFlight: inFlight))
      }
    }
    return peaks
  }

  /// By bucket in which a request of the piece began; what ends as another begins is not in flight with it.
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
