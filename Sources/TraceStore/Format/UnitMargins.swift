/// How far beyond a unit of time hops were looked at when it was correlated; microseconds.
package struct UnitMargins: Sendable, Equatable {
  package var before: Int64
  package var after: Int64

  package init(before: Int64, after: Int64) {
    self.before = before
    self.after = after
  }
}
