/// Connections of a span that were met under the same groups: most connections have requests of several.
package struct ConnectionSpan: Sendable, Equatable {
  /// Ascending, LEB128 each: `leg_group.id` × 2, + 1 where it was a row with attempts.
  package var groups: [UInt8]
  /// Ascending.
  package var keys: [UInt64]

  package init(groups: [UInt8], keys: [UInt64]) {
    self.groups = groups
    self.keys = keys
  }
}
