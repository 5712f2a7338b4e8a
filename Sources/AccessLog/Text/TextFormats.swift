/// The text layouts that are recognised without being told, tried on each line until one fits.
///
/// The layout that fitted last is tried first: a log has one layout as a rule, so a line costs one attempt. Lines of
/// a TCP proxy have the same layouts, with `"- - -"` for the request.
package struct TextFormats: Sendable {
  /// Tried in this order; a format of the user's own comes first.
  package let formats: [TextFormat]
  /// The index of the layout that fitted last.
  package private(set) var last = 0

  package init(own: [TextFormat] = []) {
    formats = own + Self.builtIn
  }

  /// The layout of the last line that fitted one.
  package var lastFormat: TextFormat { formats[last] }

  /// Reads a line (without its line feed) into `table`, which must have been reset.
  ///
  /// Returns whether some layout fits the whole line: it is `lastFormat` then; if none does, `table` is as it was.
  package mutating func match(_ line: Span<UInt8>, into table: inout FieldTable) -> Bool {
    if formats[last].match(line, into: &table) { return true }
    for index in formats.indices where index != last && formats[index].match(line, into: &table) {
      last = index
      return true
    }
    return false
  }

  /// `[start] "method path protocol" code flags`: all built-in layouts begin so.
  private static let request =
    "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" %RESPONSE_CODE% %RESPONSE_FLAGS%"
  private static let bytes =
    " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
    + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
    + " \"%UPSTREAM_HOST%\""
  private static let connection =
    " %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
    + " %REQUESTED_SERVER_NAME%"
  private static let mixer = " \"%DYNAMIC_METADATA(istio.mixer:status)%\""
  private static let reason = " \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""

  /// The sources are istio `pilot/pkg/model/telemetry_logging.go` and its forerunners, and Envoy's default format
  /// string; real lines of each are among the tests.
  package static let builtInSources: [(name: String, format: String)] = [
    (
      "istio",
      request + " %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%" + reason + bytes + connection
        + " %ROUTE_NAME%"
    ),
    ("envoy", request + bytes),
    ("istio-1.3", request + mixer + reason + bytes + connection + " %ROUTE_NAME%"),
    ("istio-1.8", request + reason + bytes + connection + " %ROUTE_NAME%"),
    ("istio-1.1", request + mixer + bytes + connection),
    ("istio-1.2", request + mixer + reason + bytes + connection),
    ("envoy-details", request + " %RESPONSE_CODE_DETAILS%" + bytes),
  ]

  /// A layout that does not compile is left out; a test holds that none is.
  package static let builtIn: [TextFormat] = builtInSources.compactMap { try? TextFormat($0.format) }
}
