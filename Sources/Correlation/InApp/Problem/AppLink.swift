/// What the in-app matcher says about one client hop: the server hop of the same pod that caused it, or none.
package struct AppLink: Sendable, Equatable {
  /// The id of the client hop.
  package var client: Int64
  /// The id of the server hop that caused it; nil where the call has no parent in the log.
  package var server: Int64?
  /// A calibrated probability, 0 to 1, that `server` (or "none") is right.
  package var confidence: Double
  /// `.requestID` or `.traceID` where the application passed one on, `.time` where times decided.
  package var evidence: Evidence
  /// The id of the next best server hop; nil where there is none, or where it is "none".
  package var runnerUp: Int64?
  /// How far the answer is ahead of the runner-up: difference of their probabilities, 0 to 1.
  package var margin: Double
  /// More requests come into question than there is time to compare: `server` is nil, and says nothing.
  package var isUndecided = false

  package init(
    client: Int64, server: Int64?, confidence: Double, evidence: Evidence, runnerUp: Int64? = nil,
    margin: Double = 1
  ) {
    self.client = client
    self.server = server
    self.confidence = confidence
    self.evidence = evidence
    self.runnerUp = runnerUp
    self.margin = margin
  }

  /// To find the parent takes too much.
  package init(undecided client: Int64) {
    self.init(client: client, server: nil, confidence: 0, evidence: [])
    isUndecided = true
  }

  /// The claim as the rest of the engine knows it; nil where the answer is "no parent".
  package var link: Link? {
    server.map {
      Link(kind: .parent, hop: client, target: $0, confidence: confidence, evidence: evidence)
    }
  }
}
