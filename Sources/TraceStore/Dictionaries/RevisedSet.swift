internal import AccessLog

/// What is asked of an attribute set.
struct RevisedSet {
  var id: Int64
  var source: Int64
  var role: Int64
  var line: LineRole
  var isRequest: Bool
  var hasNoRoute: Bool
  /// IPv4 addresses of upstream_local_address, downstream_remote_address and downstream_local_address, as far as they stand
  /// with the set.
  var ownIP: Int64?
  var remoteIP: Int64?
  var localIP: Int64?

  static let select = """
    SELECT id, source, role, line_role, method IS NOT NULL, response_flags, upstream_local_ip, downstream_remote_ip,
      downstream_local
    FROM attribute_set
    """

  init(_ row: RawStatement) {
    id = row.integer(0)
    source = row.integer(1)
    role = row.integer(2)
    line = LineRole(rawValue: UInt8(clamping: row.integer(3))) ?? .unsaid
    isRequest = row.integer(4) != 0
    hasNoRoute = !ResponseFlags(rawValue: UInt64(bitPattern: row.integer(5))).isDisjoint(with: .noRoute)
    ownIP = row.optionalInteger(6)
    remoteIP = row.optionalInteger(7)
    localIP = row.optionalInteger(8).flatMap { $0 > 0 ? StoredAddress.ip(of: $0) : nil }
  }

  /// What its lines say; a client's request of a database from before schema 7 may have been one by name only.
  var surely: LineRole { line == .client && isRequest && ownIP == nil ? .outbound : line }
}
