/// What `findings` knows; the names are stable. docs/reference/findings.md has a section for each.
enum FindingKind: String, Sendable, CaseIterable {
  // Spread
  case connectionPinning = "connection_pinning"
  case fewConnections = "few_connections"
  case proxyShare = "proxy_share"
  case lateHost = "late_host"
  case lostConnections = "lost_connections"
  case stickyKey = "sticky_key"
  case weightedSubsets = "weighted_subsets"
  case outlierEjection = "outlier_ejection"
  case locality, failover
  case adaptiveBalancing = "adaptive_balancing"
  case unexplained
  case unevenWork = "uneven_work"
  case slowHost = "slow_host"
  case surge
  case idleHost = "idle_host"
  case unevenProxies = "uneven_proxies"
  case slowProxy = "slow_proxy"
  // Failures
  case noHealthyUpstream = "no_healthy_upstream"
  case unknownSNI = "unknown_sni"
  case noRoute = "no_route"
  case passthrough
  case tlsFailure = "tls_failure"
  case connectTimeout = "connect_timeout"
  case connectionRefused = "connection_refused"
  case proxyBypass = "proxy_bypass"
  case idleTimeout = "idle_timeout"
  case connectionCut = "connection_cut"
  case circuitBreaker = "circuit_breaker"
  case requestTimeout = "request_timeout"
  case clientGaveUp = "client_gave_up"
  case serverErrors = "server_errors"
  case grpcFailures = "grpc_failures"
  case retryAmplification = "retry_amplification"
  // Logs
  case logMissing = "log_missing"
  case fieldMissing = "field_missing"
  case identityMissing = "identity_missing"
  case addressConflict = "address_conflict"
  case clockSkew = "clock_skew"
  case silentSource = "silent_source"
  case connectionsOpen = "connections_open"
  case emptyStore = "empty_store"
}
