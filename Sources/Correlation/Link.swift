/// A claim that one hop belongs to another, with how sure it is and why.
package struct Link: Sendable {
  package enum Kind: UInt8, Sendable {
    /// `hop` (a server hop) answers `target` (the client hop that sent the request), or `hop` (a client hop)
    /// was caused by `target` (the server hop of the leg before).
    case parent = 1
    /// `hop` (client or server) went over `target` (the proxy hop, its carrier).
    case via = 2
  }

  package var kind: Kind
  /// The id of the hop that the claim is about.
  package var hop: Int64
  /// The id of the hop that it belongs to.
  package var target: Int64
  /// A calibrated probability, 0 to 1: of all links given 0.9, 90 % are right.
  package var confidence: Double
  package var evidence: Evidence

  package init(kind: Kind, hop: Int64, target: Int64, confidence: Double, evidence: Evidence) {
    self.kind = kind
    self.hop = hop
    self.target = target
    self.confidence = confidence
    self.evidence = evidence
  }
}

/// What a link rests on; the raw bits are stored and never change.
package struct Evidence: OptionSet, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The request id is the same at both ends.
  package static let requestID = Evidence(rawValue: 1 << 0)
  /// The two ends of one TCP connection name the same address.
  package static let address = Evidence(rawValue: 1 << 1)
  /// Other requests of the same connection were linked by id, and the connection is one.
  package static let triangle = Evidence(rawValue: 1 << 2)
  /// The sequences of requests on two connections agree.
  package static let sequence = Evidence(rawValue: 1 << 3)
  /// The carrier's byte totals are what these requests add up to.
  package static let bytes = Evidence(rawValue: 1 << 4)
  /// Service and times fit.
  package static let time = Evidence(rawValue: 1 << 5)
  /// The application passed a trace id on.
  package static let traceID = Evidence(rawValue: 1 << 6)

  /// The names of the interfaces, in the order of strength.
  package static let names: [(Evidence, String)] = [
    (.requestID, "request_id"), (.traceID, "trace_id"), (.address, "address"), (.triangle, "triangle"),
    (.sequence, "sequence"), (.bytes, "bytes"), (.time, "time"),
  ]

  package var names: [String] { Evidence.names.filter { contains($0.0) }.map(\.1) }
}

/// What became of the connection that carried a request.
package enum CarrierStatus: UInt8, Sendable {
  /// A proxy hop is linked.
  case linked = 1
  /// The proxy logs a connection when it closes, and this one had not closed when the log ended.
  case notLoggedYet = 2
  /// The proxy's log covers the time at which the connection must have closed, and has no such line.
  case missing = 3
  /// The request crossed no cross-network proxy.
  case direct = 4
  /// Not enough is known to tell.
  case unknown = 0

  package var name: String {
    switch self {
    case .linked: "linked"
    case .notLoggedYet: "not_logged_yet"
    case .missing: "missing"
    case .direct: "direct"
    case .unknown: "unknown"
    }
  }
}
