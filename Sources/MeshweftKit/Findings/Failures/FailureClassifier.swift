internal import AccessLog

/// What became of one failed client line, as far as its own fields and its proxies' say.
struct FailureClassifier {
  let lines: FindingLines
  let refusals: ProxyRefusals
  let answers: [Int32: [Int32]]

  /// Microseconds beyond which a connection that failed was not refused: it waited.
  private static let waited: Int64 = 900_000

  /// Gateways that may have failed one for the other: hostile links must not lead on for ever.
  private static let gatewaysInARow = 16

  /// nil where it did not fail, or nothing tells why. Where a gateway answered because it had failed itself, why that was.
  func kind(_ place: Int) -> FindingKind? {
    var place = place
    for _ in 0..<FailureClassifier.gatewaysInARow {
      guard let gateway = failedGateway(place) else { break }
      place = gateway
    }
    return ownKind(place)
  }

  /// The gateway whose failure is all that a line without a flag of its own tells of.
  private func failedGateway(_ place: Int) -> Int? {
    let set = lines.attributes(place)
    guard set.code >= 500, set.flags.subtracting(.upstreamRetryLimitExceeded).isEmpty,
      let answer = answers[Int32(place)]?.last
    else { return nil }
    let other = lines.attributes(Int(answer))
    return other.role == .gateway && other.isFailure ? Int(answer) : nil
  }

  private func ownKind(_ place: Int) -> FindingKind? {
    let (line, set) = (lines.lines[place], lines.attributes(place))
    let flags = set.flags
    if flags.contains(.upstreamOverflow) { return .circuitBreaker }
    if set.isUnknownTraffic { return set.isFailure ? .passthrough : nil }
    if !flags.isDisjoint(with: [.noRouteFound, .noClusterFound]) { return .noRoute }
    if flags.contains(.noHealthyUpstream) { return .noHealthyUpstream }
    if flags.contains(.upstreamConnectionFailure) { return connection(line, set) }
    if flags.contains(.upstreamRequestTimeout) { return .requestTimeout }
    if flags.contains(.upstreamConnectionTermination) { return .connectionCut }
    if !flags.isDisjoint(with: [.downstreamConnectionTermination, .downstreamRemoteReset]) {
      return .clientGaveUp
    }
    if set.code >= 500, flags.subtracting(.upstreamRetryLimitExceeded).isEmpty, isAnswer(place, set) {
      return .serverErrors
    }
    let isGRPC = set.grpcStatus?.isFailure ?? false
    return isGRPC && flags.subtracting(.upstreamRetryLimitExceeded).isEmpty ? .grpcFailures : nil
  }

  /// Whether the response is the server's.
  private func isAnswer(_ place: Int, _ set: FindingAttributes) -> Bool {
    if let answer = answers[Int32(place)]?.last { return lines.attributes(Int(answer)).code >= 500 }
    return set.details.isEmpty ? set.upstreamHost != nil : set.details.hasPrefix("via_upstream")
  }

  /// Why no connection came about.
  private func connection(_ line: FindingLine, _ set: FindingAttributes) -> FindingKind? {
    if let service = set.service,
      let refusal = refusals.refusals(of: FailureClassifier.host(service), from: line.start, to: line.end)
        .first
    {
      return refusal.kind
    }
    let words = (set.reason + " " + set.details).lowercased()
    if FailureClassifier.certificates.contains(where: words.contains) { return .tlsFailure }
    if FailureClassifier.refused.contains(where: words.contains) { return .connectionRefused }
    if FailureClassifier.timeouts.contains(where: words.contains) { return .connectTimeout }
    // Refusals and failed handshakes come at once; whatever waited so long got no answer at all.
    let isSilent = set.reason.isEmpty && !words.contains("remote_connection_failure|")
    return isSilent && line.duration >= FailureClassifier.waited ? .connectTimeout : nil
  }

  /// `host:port` without the port.
  static func host(_ service: String) -> String {
    String(ServiceName.parts(service).host)
  }

  /// What says that the two ends could not agree on TLS; a reset in the handshake alone says nothing.
  static let certificates = [
    "certificate_verify_failed", "certificate verify failed", "certificate_unknown", "unknown_ca",
    "bad_certificate",
    "certificate_expired", "certificate_required", "handshake_failure", "wrong_version_number",
    "no_shared_cipher",
    "unsupported_protocol", "protocol_version", "secret_is_not_supplied", "secret is not supplied",
    "san_matcher",
    "no_application_protocol", "http_request",
  ]
  private static let refused = [
    "delayed_connect_error:_111", "delayed connect error: 111", "connection_refused", "connection refused",
    "immediate_connect_error:_111",
  ]
  private static let timeouts = [
    "delayed_connect_error:_110", "delayed connect error: 110", "delayed_connect_error:_113",
    "delayed connect error: 113",
    "connection_timeout", "connection timeout", "timed out", "connect_timeout", "connect timeout",
    "immediate_connect_error:_113",
    "immediate_connect_error:_101",
  ]
}
