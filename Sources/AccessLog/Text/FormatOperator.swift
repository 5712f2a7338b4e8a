/// A command operator of Envoy's: its name, and what stands in its parentheses.
struct FormatOperator {
  var name: String
  var argument: String?

  /// The field its value is, or nil where meshweft has no use for it.
  var field: Field? {
    switch name {
    case "START_TIME": .startTime
    case "REQ", "REQ_WITHOUT_QUERY": header(Self.requestHeaders)
    case "RESP", "TRAILER": header(Self.responseHeaders)
    case "DYNAMIC_METADATA": argument == "istio.mixer:status" ? .istioPolicyStatus : nil
    case "ENVIRONMENT": environment
    case "COMMON_DURATION": commonDuration
    default: Self.plain[name] ?? AttributeText.all.first { $0.commands.contains(name) }?.field
    }
  }

  /// The shape of its values; a quote ends a quoted value, white space an unquoted one.
  func shape(isQuoted: Bool) -> ValueShape {
    switch field {
    case .startTime: .time
    case .method, .responseFlags, .upstreamCluster, .requestedServerName: .name
    case .httpProtocol: .httpProtocol
    case .responseCode, .bytesReceived, .bytesSent, .duration, .durationMicroseconds, .upstreamServiceTime:
      .number
    case .upstreamHost, .upstreamLocalAddress, .downstreamLocalAddress, .downstreamRemoteAddress: .address
    case .path: .free
    case .userAgent: .later
    case .requestID, .authority, .forwardedFor, .traceID: isQuoted ? .phrase : .word
    case .podName, .podNamespace, .containerName, .meshCluster: .name
    case .logTime: .time
    case nil: .free
    case let field?: Self.shape(of: field, isQuoted: isQuoted)
    }
  }

  private static func shape(of field: Field, isQuoted: Bool) -> ValueShape {
    switch AttributeText.place(of: field).map({ AttributeText.all[$0].wording }) {
    case .name: .name
    case .phrase: isQuoted ? .phrase : .word
    case .words: .later
    case nil: .free
    }
  }

  /// `REQ(X?Y)`: X where the request has it, else Y; either may be the one that is known.
  private func header(_ names: [String: Field]) -> Field? {
    guard let argument else { return nil }
    for part in argument.uppercased().split(separator: "?") {
      if let field = names[String(part)] { return field }
    }
    return nil
  }

  private var environment: Field? {
    switch argument {
    case "POD_NAME", "ENVOY_POD_NAME": .podName
    case "POD_NAMESPACE", "ENVOY_GATEWAY_NAMESPACE": .podNamespace
    default: nil
    }
  }

  /// `COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)` is what DURATION is, in another unit.
  private var commonDuration: Field? {
    switch argument {
    case "DS_RX_BEG:DS_TX_END:us": .durationMicroseconds
    case "DS_RX_BEG:DS_TX_END:ms": .duration
    default: nil
    }
  }

  private static let requestHeaders: [String: Field] = [
    ":METHOD": .method, ":PATH": .path, "X-ENVOY-ORIGINAL-PATH": .path, "X-FORWARDED-FOR": .forwardedFor,
    "USER-AGENT": .userAgent, "X-REQUEST-ID": .requestID, ":AUTHORITY": .authority, "HOST": .authority,
    "X-B3-TRACEID": .traceID,
  ]
  private static let responseHeaders: [String: Field] = [
    "X-ENVOY-UPSTREAM-SERVICE-TIME": .upstreamServiceTime
  ]
  private static let plain: [String: Field] = [
    "PROTOCOL": .httpProtocol, "RESPONSE_CODE": .responseCode, "RESPONSE_FLAGS": .responseFlags,
    "RESPONSE_FLAGS_LONG": .responseFlags, "BYTES_RECEIVED": .bytesReceived,
    "BYTES_SENT": .bytesSent, "DURATION": .duration, "UPSTREAM_HOST": .upstreamHost,
    "UPSTREAM_REMOTE_ADDRESS": .upstreamHost, "UPSTREAM_CLUSTER": .upstreamCluster,
    "UPSTREAM_CLUSTER_RAW": .upstreamCluster, "UPSTREAM_LOCAL_ADDRESS": .upstreamLocalAddress,
    "DOWNSTREAM_LOCAL_ADDRESS": .downstreamLocalAddress,
    "DOWNSTREAM_REMOTE_ADDRESS": .downstreamRemoteAddress,
    "REQUESTED_SERVER_NAME": .requestedServerName, "TRACE_ID": .traceID,
  ]
}
