internal import Correlation
internal import TraceStore

/// A unit of time with its margins, and which hops it was correlated with.
struct UnitWindow {
  let unit: ClosedRange<Int64>
  /// Starts of the first and the last hop that are looked at, but for those that were open at the first; microseconds.
  let first, last: Int64

  init(_ unit: ClosedRange<Int64>, _ margins: UnitMargins) {
    self.unit = unit
    first = unit.lowerBound - margins.before
    last = unit.upperBound + margins.after
  }

  /// As `UnitLoader` chooses them.
  func contains(_ hop: Hop) -> Bool {
    guard hop.start <= last else { return false }
    if hop.start >= first { return true }
    return hop.end >= first
      && (hop.start >= unit.lowerBound - CorrelationUnits.margin || hop.duration >= CorrelationUnits.margin)
  }

  func owns(_ hop: Hop) -> Bool { unit.contains(hop.start) }

  /// Whether a hop is only in the margins, and in flight at no time of the unit's own hops.
  func isApart(_ hop: Hop) -> Bool { hop.end < unit.lowerBound || hop.start > unit.upperBound }
}
