/// Columns of finding_hops.sql, of which there is a row for every line.
enum FindingColumn {
  static let id = 0
  static let start = 1
  static let duration = 2
  static let attributes = 3
  static let pathID = 4
  static let pathText = 5
  static let upstreamLocal = 6
  static let downstreamRemote = 7
  static let received = 8
  static let sent = 9
  static let parent = 10
  static let carrier = 11
  static let carrierStatus = 12

  /// What the statement calls them; for assertions.
  static let names = [
    "id", "start_us", "duration_us", "attributes", "path_id", "path_text", "upstream_local",
    "downstream_remote", "bytes_received", "bytes_sent", "parent", "carrier", "carrier_status",
  ]
}
