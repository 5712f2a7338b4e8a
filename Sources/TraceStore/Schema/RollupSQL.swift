/// What is said alike to read and to write rollups.
enum RollupSQL {
  static let findGroup = """
    SELECT id FROM leg_group WHERE (service_host, service_port, host, client, first_proxy, proxy, server,
      carrier_status, response_flags, failure_code, host_source) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  static let legColumns = """
    bucket_us, leg_group, requests, attempts, connections, client_us, server_us, busy_us, bytes_sent, bytes_received,
      confidence_sum, confidence_min, first_start_us, last_start_us, connection_keys, client_times, server_times,
      border_times, slowest, costliest
    """

  static func bind(_ group: LegGroup, to statement: RawStatement) {
    statement.bind(1, group.serviceHost)
    statement.bind(2, group.servicePort)
    statement.bind(3, group.host)
    statement.bind(4, group.client)
    statement.bind(5, group.firstProxy)
    statement.bind(6, group.proxy)
    statement.bind(7, group.server)
    statement.bind(8, group.carrierStatus)
    statement.bind(9, group.responseFlags)
    statement.bind(10, group.failureCode)
    statement.bind(11, group.hostSource)
  }
}
