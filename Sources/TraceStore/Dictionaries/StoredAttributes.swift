internal import AccessLog

/// An attribute set's columns in the store's terms, in the order of `columns`; nil is NULL.
///
/// They are what its lines say, and what it is found by when they come again. Its role is not among them: the other lines
/// of its log may have told better since (`SourceRoles`).
struct StoredAttributes {
  static let columns = [
    "told", "line_role", "response_flags", "response_code", "protocol", "method", "authority", "route_name",
    "upstream_cluster", "requested_server_name", "response_code_details", "connection_termination_details",
    "upstream_transport_failure_reason", "istio_policy_status", "access_log_type", "unrecognised_flags",
    "service_host", "service_port", "subset", "upstream_host", "downstream_local",
    "upstream_local_ip", "downstream_remote_ip", "precision", "anomalies",
  ]
  var values: [Int64?]
  /// As far as it is known when its first line is read.
  var role: Int64

  init(values: [Int64?], role: Int64 = 0) {
    self.values = values
    self.role = role
  }

  /// The columns before schema 7: whose the lines were told to be was their source, and what they said of themselves their
  /// role.
  static let columnsBefore7 = ["source", "role"] + columns.dropFirst(2)

  /// Translates the parser's indices to `text.id` and `source.id`.
  /// `told`: its `told_source.id`.
  init(_ set: AttributeSet, told: Int64, _ tables: IngestTables) {
    let texts = tables.texts
    let text = { (index: Int32) in index < 0 ? nil : texts[Int(index)] }
    role = Int64(set.role.rawValue)
    values = [
      told, Int64(set.lineRole.rawValue),
      Int64(bitPattern: set.responseFlags.rawValue),
      set.responseCode.map(Int64.init),
      text(set.httpProtocol), text(set.method), text(set.authority), text(set.routeName),
      text(set.upstreamCluster), text(set.requestedServerName), text(set.responseCodeDetails),
      text(set.connectionTerminationDetails), text(set.upstreamTransportFailureReason),
      text(set.istioPolicyStatus), text(set.accessLogType), text(set.unrecognisedFlags),
      text(set.serviceHost), set.servicePort < 0 ? nil : Int64(set.servicePort), text(set.subset),
      StoredAddress.encode(set.upstreamHost, texts: texts),
      StoredAddress.encode(set.downstreamLocal, texts: texts),
      set.upstreamLocalIP, set.downstreamRemoteIP, PrecisionCode.encode(set.precision),
      Int64(set.anomalies.rawValue),
    ]
  }

  /// Of the ids, so it holds within one database.
  func hash(_ key: SipKey) -> Int64 {
    var missing: UInt64 = 0
    for place in values.indices where values[place] == nil { missing |= 1 << UInt64(place) }
    return Int64(bitPattern: key.hash(words: [missing] + values.map { UInt64(bitPattern: $0 ?? 0) }))
  }

  /// What it was before schema 6.
  var openHash: Int64 {
    var state: UInt64 = 0
    for value in values {
      state = OpenHash.mix(state, value.map { UInt64(bitPattern: $0) } ?? 0x6d69_7373_696e_67)
    }
    return Int64(bitPattern: state)
  }
}
