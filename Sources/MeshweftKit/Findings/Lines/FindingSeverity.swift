/// By effect on requests.
public enum FindingSeverity: String, Sendable, CaseIterable, Comparable {
  case info, warning, critical

  private var rank: Int { FindingSeverity.allCases.firstIndex(of: self) ?? 0 }

  /// By rank: info is the least.
  public static func < (left: FindingSeverity, right: FindingSeverity) -> Bool { left.rank < right.rank }

  /// Of failures: few of them are no headline, whatever their share of few requests.
  init(failed: Int, of requests: Int) {
    let share = Double(failed) / Double(max(1, requests))
    self =
      failed >= FindingLimits.criticalFailures && share >= FindingLimits.criticalShare
      ? .critical
      : failed >= FindingLimits.warningFailures && share >= FindingLimits.warningShare ? .warning : .info
  }
}
