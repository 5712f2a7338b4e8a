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
  /// Names of `fieldNames`, each with the value that a hop has there.
  package var fields: [String: String] = [:]
  package var limit: Int?
  /// Only hops whose keys are larger: where to go on.
  package var after: Int64?
  package var newestFirst = false

  package init() {}

  /// What `fields` may name.
  package static var fieldNames: [String] { AttributeTextView.names }

  /// An object of names and values.
  private var fieldsJSON: String? {
    if fields.isEmpty { return nil }
    return "{" + fields.map { "\(quoted($0)):\(quoted($1))" }.joined(separator: ",") + "}"
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\0"..<" ": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  var parameters: [String: SQLValue] {
    [
      "since_us": SQLValue(sinceMicroseconds), "until_us": SQLValue(untilMicroseconds),
      "source": SQLValue(source), "service": SQLValue(service),
      "status": SQLValue(status.map(Int64.init)), "status_class": SQLValue(statusClass.map(Int64.init)),
      "role": SQLValue(role), "fields": SQLValue(fieldsJSON), "after": SQLValue(after),
      "limit": SQLValue(limit.map(Int64.init)),
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
