internal import AccessLog

/// What correlograms have cost, in counted steps, so that what they find stays a function of the hops: a step is a pair of hops
/// whose difference is binned, or a bin that is looked at.
///
/// Where thousands of alike requests match nothing, each mesh cluster would be compared with each anew and in vain.
final class ClockWork {
  private var steps = 0
  private let limit: Int

  /// Whether something was left out.
  private(set) var isExhausted = false

  /// `hops`: how many there are in all.
  /// `limit`: instead of what `CorrelationLimits` gives so many.
  init(hops: Int, limit: Int? = nil) {
    self.limit = limit ?? CorrelationLimits.clockStepsOfPiece + CorrelationLimits.clockSteps * hops
  }

  /// Counts `count` steps that are about to be made.
  /// - Returns: false where they are not to be made any more.
  func take(_ count: Int) -> Bool {
    if steps >= limit {
      isExhausted = true
      return false
    }
    steps += count
    return true
  }
}
