internal import AccessLog

/// An attribute set's columns in the store's terms, in the order of `columns`; nil is NULL.
///
/// They are what its lines say, and what it is found by when they come again. Its role is not among them: the other lines
/// of its log may have told better since (`SourceRoles`).
struct StoredAttributes {
  static let columns = columns(StoreVersion.current)

  /// Those that a database of some version has; new ones come last.
  static func columns(_ version: Int) -> [String] {
    (version < 7 ? columnsBefore7 : columns7)
      + AttributeText.all.filter { $0.since > 7 && $0.since <= version }.map(\.name)
  }

  /// Those of version 7 of the schema, whose order hashes depend on.
  private static let columns7 = [
    "told", "line_role", "response_flags", "response_code", "protocol", "method", "authority", "route_name",
    "upstream_cluster", "requested_server_name", "response_code_details", "connection_termination_details",
    "upstream_transport_failure_reason", "istio_policy_status", "access_log_type", "unrecognised_flags",
    "service_host", "service_port", "subset", "upstream_host", "downstream_local",
    "upstream_local_ip", "downstream_remote_ip", "precision", "anomalies",
  ]

  /// By place in `columns`: the place in `AttributeText.all`.
  private static let texts = columns.map { name in AttributeText.all.firstIndex { $0.name == name } }
  var values: [Int64?]
  /// As far as it is known when its first line is read.
  var role: Int64

  init(values: [Int64?], role: Int64 = 0) {
    self.values = values
    self.role = role
  }

  /// Before version 7 the source was the one that the lines were told to be of, and the role what they said of themselves.
  private static let columnsBefore7 = ["source", "role"] + columns7.dropFirst(2)

  /// Translates the parser's indices to `text.id` and `source.id`.
  /// `told`: its `told_source.id`.
  init(_ set: AttributeSet, told: Int64, _ tables: IngestTables) {
    let texts = tables.texts
    let text = { (index: Int32) in index < 0 ? nil : texts[Int(index)] }
    role = Int64(set.role.rawValue)
    var own: [Int64?] = [
      told, Int64(set.lineRole.rawValue),
      Int64(bitPattern: set.responseFlags.rawValue),
      set.responseCode.map(Int64.init),
      text(set.httpProtocol), text(set.method), text(set.authority),
      text(set.upstreamCluster), text(set.requestedServerName), text(set.unrecognisedFlags),
      text(set.serviceHost), set.servicePort < 0 ? nil : Int64(set.servicePort), text(set.subset),
      StoredAddress.encode(set.upstreamHost, texts: texts),
      StoredAddress.encode(set.downstreamLocal, texts: texts),
      set.upstreamLocalIP, set.downstreamRemoteIP, PrecisionCode.encode(set.precision),
      Int64(set.anomalies.rawValue),
    ]
    // Taken from the end, into the places that no field of `AttributeText` has.
    values = StoredAttributes.texts.reversed().map { place in
      if let place { text(set.texts[place]) } else { own.removeLast() }
    }.reversed()
  }

  /// As before a column came, where nothing is in it: so a set of an older version is found again.
  private var hashed: ArraySlice<Int64?> {
    values.prefix(max((values.lastIndex { $0 != nil } ?? -1) + 1, StoredAttributes.columns7.count))
  }

  /// Of the ids, so it holds within one database.
  func hash(_ key: SipKey) -> Int64 {
    let values = hashed
    var missing: UInt64 = 0
    for place in values.indices where values[place] == nil { missing |= 1 << UInt64(place) }
    return Int64(bitPattern: key.hash(words: [missing] + values.map { UInt64(bitPattern: $0 ?? 0) }))
  }

  /// What it was before schema 6.
  var openHash: Int64 {
    var state: UInt64 = 0
    for value in hashed {
      state = OpenHash.mix(state, value.map { UInt64(bitPattern: $0) } ?? 0x6d69_7373_696e_67)
    }
    return Int64(bitPattern: state)
  }
}
