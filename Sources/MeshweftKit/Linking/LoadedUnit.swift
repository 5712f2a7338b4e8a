internal import TraceStore

/// A unit of time whose hops are to be linked.
struct LoadedUnit: Sendable {
  /// Starts of its own hops, microseconds since the epoch.
  var range: ClosedRange<Int64>
  /// How far beyond it hops were loaded, and which waiting ones are among them.
  var state: UnitState
  /// Its own hops and those around it.
  var hops: LoadedHops
  /// Whether so many hops lie around it that fewer of them are looked at than else.
  var isNarrow = false
  /// nil where it is loaded whole.
  var part: Part?

  /// Hops of a unit of a single millisecond that has more than can be linked at once: those of its parts do not know of
  /// each other.
  struct Part: Sendable {
    var number: Int64
    /// The keys of its hops; parts follow each other.
    var keys: ClosedRange<Int64>
  }
}
