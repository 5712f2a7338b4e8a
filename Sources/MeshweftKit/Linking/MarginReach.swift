internal import AccessLog

/// How far around a cut in time hops are looked at at most: `CorrelationLimits.margin`, or as far as
/// `CorrelationLimits.marginHops` reach, so that memory does not follow density. Depends on counts alone.
struct MarginReach {
  private struct Entry {
    /// Microseconds since the epoch; the end is not in it.
    var start: Int64
    var end: Int64
    var hops: Int64
  }

  private var entries: [Entry] = []

  init(_ counts: [(slot: Int64, hops: Int64)] = [], dense: DenseCounts = DenseCounts()) {
    let length = StoreLimits.slotMilliseconds * 1000
    for count in counts {
      guard let milliseconds = dense.bySlot[count.slot] else {
        entries.append(
          Entry(start: count.slot * length, end: (count.slot + 1) * length, hops: count.hops))
        continue
      }
      for entry in milliseconds {
        entries.append(
          Entry(start: entry.millisecond * 1000, end: (entry.millisecond + 1) * 1000, hops: entry.hops))
      }
    }
  }

  /// Microseconds before a cut.
  func before(_ cut: Int64) -> Int64 {
    var sum: Int64 = 0
    for place in (0..<place(ofStartsFrom: cut)).reversed() {
      let entry = entries[place]
      if entry.start < cut - CorrelationLimits.margin { break }
      if let part = part(of: entry, after: sum) {
        return min(CorrelationLimits.margin, max(0, cut - entry.end) + part)
      }
      sum += entry.hops
    }
    return CorrelationLimits.margin
  }

  /// Microseconds from a cut on.
  func after(_ cut: Int64) -> Int64 {
    var sum: Int64 = 0
    for entry in entries[place(ofStartsFrom: cut)...] {
      if entry.end > cut + CorrelationLimits.margin { break }
      if let part = part(of: entry, after: sum) {
        return min(CorrelationLimits.margin, max(0, entry.start - cut) + part)
      }
      sum += entry.hops
    }
    return CorrelationLimits.margin
  }

  /// Microseconds of an entry that may still be looked at; nil where all of it may. A millisecond is not cut.
  private func part(of entry: Entry, after sum: Int64) -> Int64? {
    let left = CorrelationLimits.marginHops - sum
    if entry.hops <= left { return nil }
    return entry.end - entry.start <= 1000 ? 0 : (entry.end - entry.start) * left / entry.hops
  }

  private func place(ofStartsFrom cut: Int64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].start < cut { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
