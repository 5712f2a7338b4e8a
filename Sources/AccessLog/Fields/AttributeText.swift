/// The fields whose text is stored, listed and filtered as it was logged, and that many lines have in common.
///
/// A new one is a case of `Field` and a row here: its key in logs and its operator are recognised by it, `attribute_set` has
/// its column, the view `hops` and `meshweft hops` show it, and `meshweft hops --field` filters by it.
package struct AttributeText: Sendable {
  package let field: Field
  /// Its key in logs of Istio's, and the name of its column in `attribute_set`, in the view `hops` and in `meshweft hops`.
  package let name: String
  /// Stands over its column in a table.
  package let header: String
  /// Envoy's command operators (https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage)
  /// whose value it is, whatever their arguments.
  let commands: [String]
  let wording: Wording
  /// The version of the database's schema since which it is stored (`StoreVersion`).
  package let since: Int

  /// How its values end in a line of text.
  enum Wording {
    /// A name without white space.
    case name
    /// One word, or several between quotes.
    case phrase
    /// Words without quotes: the values behind it are found first.
    case words
  }

  /// In the order in which they are listed, and stored: new ones come last.
  package static let all = [
    AttributeText(.routeName, "route_name", "ROUTE", ["ROUTE_NAME"], .name, since: 2),
    AttributeText(
      .responseCodeDetails, "response_code_details", "CODE DETAILS", ["RESPONSE_CODE_DETAILS"], .phrase,
      since: 2),
    AttributeText(
      .connectionTerminationDetails, "connection_termination_details", "TERMINATION",
      ["CONNECTION_TERMINATION_DETAILS"],
      .words, since: 2),
    AttributeText(
      .upstreamTransportFailureReason, "upstream_transport_failure_reason", "TRANSPORT FAILURE",
      ["UPSTREAM_TRANSPORT_FAILURE_REASON"], .words, since: 2),
    AttributeText(.istioPolicyStatus, "istio_policy_status", "POLICY", [], .phrase, since: 2),
    AttributeText(.accessLogType, "access_log_type", "LOG TYPE", ["ACCESS_LOG_TYPE"], .name, since: 2),
    AttributeText(
      .grpcStatus, "grpc_status", "GRPC STATUS", ["GRPC_STATUS", "GRPC_STATUS_NUMBER"], .name, since: 8),
    AttributeText(
      .upstreamRequestAttemptCount, "upstream_request_attempt_count", "ATTEMPTS",
      ["UPSTREAM_REQUEST_ATTEMPT_COUNT"], .name,
      since: 8),
  ]

  private init(
    _ field: Field, _ name: String, _ header: String, _ commands: [String], _ wording: Wording, since: Int
  ) {
    self.field = field
    self.name = name
    self.header = header
    self.commands = commands
    self.wording = wording
    self.since = since
  }

  /// The place of a field in `all`; nil where it is no such field.
  package static func place(of field: Field) -> Int? { all.firstIndex { $0.field == field } }
}
