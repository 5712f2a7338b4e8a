/// Envoy's response flags in a few words each, for people who do not know them by heart.
///
/// Source: Envoy's documentation of `%RESPONSE_FLAGS%` (configuration/observability/access_log/usage).
enum FlagWords {
  static let all: [(flag: String, words: String)] = [
    ("UH", "no healthy upstream host"), ("UF", "connecting to the upstream failed"),
    ("UO", "upstream overflow: circuit breaker open"),
    ("NR", "no route, or no filter chain, for the request"),
    ("URX", "given up after the allowed retries or connection attempts"),
    ("NC", "upstream cluster not found"),
    ("DT", "the connection or request reached its allowed duration"),
    ("DC", "the caller closed the connection"), ("LH", "local service failed its health check"),
    ("UT", "the upstream took too long"), ("LR", "connection reset by this proxy"),
    ("UR", "the upstream reset the stream"), ("UC", "the upstream closed the connection"),
    ("DI", "delayed by fault injection"), ("FI", "aborted by fault injection"),
    ("RL", "rate limited"), ("UAEX", "denied by the external authorization service"),
    ("RLSE", "the rate limit service failed"), ("IH", "a header had an invalid value"),
    ("SI", "stream idle for too long"), ("DPE", "the caller broke the HTTP protocol"),
    ("UPE", "the upstream broke the HTTP protocol"),
    ("UMSDR", "the upstream reached the longest allowed stream duration"),
    ("RFCF", "answered from the cache"), ("NFCF", "filter configuration not received in time"),
    ("OM", "terminated by the overload manager"), ("DF", "DNS resolution failed"),
    ("DO", "dropped by the endpoint's drop policy"), ("DR", "the caller reset the stream"),
    ("UDO", "dropped unconditionally"), ("no response", "no response and no flag"),
  ]
}
