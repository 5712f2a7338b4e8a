extension LegGroup {
  /// A row of `leg_group`; a chain of proxies has a number there (`ChainStatements`).
  static let row = RowLayout<LegGroup>(columns: [
    .number("service_host", \.serviceHost), .number("service_port", \.servicePort), .number("host", \.host),
    .number("client", \.client), .number("first_proxy", \.firstProxy), .number("proxy", \.proxy),
    .number("server", \.server), .number("carrier_status", \.carrierStatus),
    .number("response_flags", \.responseFlags), .number("failure_code", \.failureCode),
    .number("host_source", \.hostSource),
  ])

  /// Finds a group's id.
  static let find = "SELECT id FROM leg_group WHERE (\(row.names)) = (\(row.places))"
}
