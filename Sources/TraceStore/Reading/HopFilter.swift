internal import Queries

/// Which hops a report wants; nil is no restriction.
package struct HopFilter: Sendable, Equatable {
  /// Start, microseconds since the epoch, inclusive.
  package var sinceMicroseconds: Int64?
  /// Start, microseconds since the epoch, exclusive.
  package var untilMicroseconds: Int64?
  /// GLOB on the log's name.
  package var source: String?
  /// `host:port`, `host`, or the host's first labels.
  package var service: String?
  package var status: Int?
  /// The status' hundreds: 5 for 5xx.
  package var statusClass: Int?
  /// `Role.name`.
  package var role: String?
  package var limit: Int?
  /// Only hops whose keys are larger: where to go on.
  package var after: Int64?
  package var newestFirst = false

  package init() {}

  var parameters: [String: SQLValue] {
    [
      "since_us": SQLValue(sinceMicroseconds), "until_us": SQLValue(untilMicroseconds),
      "source": SQLValue(source), "service": SQLValue(service),
      "status": SQLValue(status.map(Int64.init)), "status_class": SQLValue(statusClass.map(Int64.init)),
      "role": SQLValue(role), "after": SQLValue(after), "limit": SQLValue(limit.map(Int64.init)),
      "newest_first": newestFirst ? .integer(1) : .null,
    ]
  }
}

extension StoreReader {
  /// Hops in the order of their keys: by start in milliseconds.
  /// - Throws: what `body` throws, and `StoreError`.
  package func forEachHop(_ filter: HopFilter = HopFilter(), _ body: (StoredHop) throws -> Void) throws {
    try run(.hops, filter.parameters) { row in try body(StoredHop(row)) }
  }

  package func hops(_ filter: HopFilter = HopFilter()) throws -> [StoredHop] {
    var hops: [StoredHop] = []
    try forEachHop(filter) { hops.append($0) }
    return hops
  }

  /// One hop by its key.
  package func hop(id: Int64) throws -> StoredHop? {
    var hop: StoredHop?
    try run(.hop, ["id": .integer(id)]) { row in hop = StoredHop(row) }
    return hop
  }
}
