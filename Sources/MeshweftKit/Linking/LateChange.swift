internal import TraceStore

/// What the late line of one carrier changes in a unit of time whose links ids and addresses alone have decided: it is
/// looked up and added, instead of linking the unit again.
///
/// Why it may: docs/explanation/decisions/0009-late-carriers.md. Where anything is not as plain as it says, `LateCarriers` gives
/// none, and the unit is linked again whole.
struct LateChange {
  var unit: ClosedRange<Int64>
  /// What is known of the unit then.
  var state: UnitState
  /// Of hops that have a carrier now.
  var links: [HopLinks] = []
  /// Rows of the rollups that go, and those that come or change.
  var dropped: [LegRollup] = []
  var legs: [LegRollup] = []
  var peaks: [LegPeak] = []

  /// In the caller's transaction.
  func write(to writer: StoreWriter) throws(StoreError) {
    try writer.setCarriers(links)
    try writer.changeRollups(dropping: dropped, legs, peaks)
    try writer.setCorrelated([unit: state])
  }
}
