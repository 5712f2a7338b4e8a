/// A conclusion with its evidence.
struct Finding: Sendable, Equatable {
  var kind: FindingKind
  var severity: FindingSeverity
  var subject = Subject()
  /// Microseconds since the epoch: the time that it is about.
  var from: Int64
  var to: Int64
  /// One sentence for people. Every number in it is in `numbers`.
  var sentence: String
  /// What it is concluded from, and commands that show it.
  var evidence: [String] = []
  var numbers: [Number] = []
  /// How sure the conclusion is, 0 to 1.
  var confidence = 0.95
  var remedies: [Remedy] = []

  /// What it is about; what does not apply is nil.
  struct Subject: Sendable, Equatable {
    var service: String?
    /// ADDRESS:PORT
    var host: String?
    var meshCluster: String?
    var pod: String?
    var client: String?
    var proxy: String?
    var source: String?
    var role: String?
  }

  /// One figure, by a name that stays.
  struct Number: Sendable, Equatable {
    var name: String
    var value: Double
    /// Digits behind the point at most.
    var digits = 0

    init(_ name: String, _ value: Double, digits: Int = 0) {
      self.name = name
      self.value = value
      self.digits = digits
    }

    init(_ name: String, _ value: Int) { self.init(name, Double(value)) }
  }

  /// What can be done, with what it costs.
  struct Remedy: Sendable, Equatable {
    var text: String
    /// To apply, with the service's own names.
    var yaml: String?

    init(_ text: String, yaml: String? = nil) {
      self.text = text
      self.yaml = yaml
    }
  }
}

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

/// By effect on requests.
public enum FindingSeverity: String, Sendable, CaseIterable, Comparable {
  case info, warning, critical

  private var rank: Int { FindingSeverity.allCases.firstIndex(of: self) ?? 0 }

  /// By rank: info is the least.
  public static func < (left: FindingSeverity, right: FindingSeverity) -> Bool { left.rank < right.rank }

  /// Of failures: few of them are no headline, whatever their share of few requests.
  init(failed: Int, of requests: Int) {
    let share = Double(failed) / Double(max(1, requests))
    self =
      failed >= FindingLimits.criticalFailures && share >= FindingLimits.criticalShare
      ? .critical
      : failed >= FindingLimits.warningFailures && share >= FindingLimits.warningShare ? .warning : .info
  }
}

/// What counts.
enum FindingLimits {
  /// Lines that are read at most, the newest: about 200 bytes of memory and a microsecond each. The output says so where
  /// there are more.
  static let lines: Int64 = 1_000_000
  /// Counts by host and stretch of time, eight bytes each; where lines are further apart (a line of the year 9999), what needs
  /// them is not looked for.
  static let cells = 1 << 22
  /// Failures of one kind, and their share of the service's requests.
  static let criticalFailures = 50
  static let criticalShare = 0.05
  static let warningFailures = 10
  static let warningShare = 0.001
  /// A host that gets less than half of its share is starved, whatever the busiest has.
  static let starved = 0.5
  /// Requests that a host must have for its first and last to say when it lived.
  static let lifeRequests = 20
  /// Expected requests in a silence that chance leaves empty once in a thousand times: e^-7.
  static let silence = 7.0
  /// Part of the window at either end in which hosts may begin and end as they like: whoever fetched the logs, and whoever
  /// called, did not begin everywhere at once.
  static let edge = 0.05
  /// Part of the differences between hosts that a cause must explain.
  static let explained = 0.7
  /// How many times slower than its peers.
  static let slow = 2.0
  /// Microseconds that a slow host or proxy must cost.
  static let slowBy = 3000.0
}
