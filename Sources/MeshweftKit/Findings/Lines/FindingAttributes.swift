internal import AccessLog
internal import TraceStore

/// What many lines have in common.
struct FindingAttributes {
  /// An index of `FindingLines.sources`.
  var source: Int
  var role: Role
  var flags: ResponseFlags
  var code: Int
  var service: String?
  var authority: String?
  var upstreamCluster: String?
  var serverName: String?
  var details: String
  var reason: String
  var subset: String?
  var method: String?
  var upstreamHost: String?
  var downstreamLocal: String?
  /// Of the row's addresses, where they stand here.
  var upstreamLocalIP: Int64?
  var downstreamRemoteIP: Int64?
  /// A ztunnel's.
  var isTunnel: Bool
  /// A ztunnel's, through a tunnel to the proxy at its other end.
  var isHBONE: Bool
  /// nil where none was logged.
  var grpcStatus: GRPCStatus?
  /// Attempts to reach an upstream, as the caller counted them; nil where it did not.
  var attemptCount: Int?
}

extension FindingAttributes {
  init(_ row: SQLRow, _ source: Int) {
    self.source = source
    role = Role(rawValue: UInt8(clamping: row.integer(2) ?? 0)) ?? .unknown
    flags = ResponseFlags(rawValue: UInt64(bitPattern: row.integer(3) ?? 0))
    code = Int(row.integer(4) ?? 0)
    service = row.text(5)
    authority = row.text(6)
    upstreamCluster = row.text(7)
    serverName = row.text(8)
    details = [row.text(9), row.text(10)].compactMap { $0 }.joined(separator: " ")
    reason = row.text(11) ?? ""
    subset = row.text(12)
    method = row.text(13)
    upstreamHost = StoredAddressText.text(row.integer(14), row.text(15))
    downstreamLocal = StoredAddressText.text(row.integer(16), row.text(17))
    upstreamLocalIP = row.integer(18)
    downstreamRemoteIP = row.integer(19)
    isTunnel = row.integer(25) ?? 0 != 0
    isHBONE = row.integer(26) ?? 0 != 0
    grpcStatus = row.text(27).flatMap { GRPCStatus($0) }
    attemptCount = row.text(28).flatMap { Int($0) }
  }
}
