/// What has to be known of a unit of time for a carrier to be linked without looking at the others: ids and addresses
/// alone decided all links (docs/explanation/decisions/0009-late-carriers.md).
package struct ExactUnit: Sendable, Equatable {
  /// Its own hops that crossed a border and have no carrier.
  package var waitingHops: Int64
  /// The longest duration of the requests that were looked at, microseconds.
  package var longest: Int64

  package init(waitingHops: Int64, longest: Int64) {
    self.waitingHops = waitingHops
    self.longest = longest
  }
}
