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
