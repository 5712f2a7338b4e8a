internal import AccessLog

/// Links the hops of single legs: client hop ↔ carrier ↔ server hop.
///
/// In order of strength, each step working on what the stronger ones left over: request ids, exact addresses, the
/// triangle of these two, sequences of requests on whole connections, bytes and times. The step inside an app
/// (server hop → the client hops it caused) is a neighbour's.
package struct LegMatcher: Sendable {
  /// Steps of estimating clocks in all; nil for `CorrelationLimits`. Tests give less.
  private let clockSteps: Int?

  package init(clockSteps: Int? = nil) { self.clockSteps = clockSteps }

  /// Links `hops`; a function of the set of hops, whatever their order.
  ///
  /// `own`: starts of the hops whose links are wanted, microseconds since the epoch; the others only stand
  ///   around them, and what would be guessed about them is left out. nil for all.
  /// - Complexity: O(n log n) where ids and addresses are there, O(n) where the hops come sorted by id.
  package func match(_ hops: [Hop], own: ClosedRange<Int64>? = nil) -> LegMatch {
    let table = HopTable(hops)
    var work = LegWork(table, own: own, ClockWork(hops: hops.count, limit: clockSteps))
    work.joinExactly()
    let triangle = work.joinByShape()
    return work.result(triangle)
  }
}
