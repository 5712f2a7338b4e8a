internal import AccessLog
internal import Correlation

/// The names behind stored numbers, as tables: views and foreign tools need no copy of them.
///
/// A new flag, role, anomaly, kind of evidence or carrier status needs a schema step that adds its row; a test
/// compares these tables with the types.
extension Schema {
  static var vocabulary2: String {
    table("role", key: "id", Role.allCases.map { (Int64($0.rawValue), $0.name) })
      + table("carrier_status", key: "id", carrierStatuses.map { (Int64($0.rawValue), $0.name) })
      + table(
        "response_flag", key: "bit",
        ResponseFlags.names.enumerated().map { (Int64($0.offset), "\($0.element.short)") })
      + table("anomaly", key: "bit", Anomalies.names.map { (bit(UInt64($0.0.rawValue)), $0.1) })
      + table("evidence", key: "bit", Evidence.names.map { (bit(UInt64($0.0.rawValue)), $0.1) })
  }

  static let carrierStatuses: [CarrierStatus] = [.unknown, .linked, .notLoggedYet, .missing, .direct]

  private static func bit(_ value: UInt64) -> Int64 { Int64(value.trailingZeroBitCount) }

  /// Names come from this program's own types: letters, digits and underscores.
  private static func table(_ name: String, key: String, _ rows: [(Int64, String)]) -> String {
    let values = rows.map { "(\($0.0), '\($0.1)')" }.joined(separator: ", ")
    return """
      CREATE TABLE \(name) (\(key) INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
      INSERT INTO \(name) (\(key), name) VALUES \(values);

      """
  }
}
