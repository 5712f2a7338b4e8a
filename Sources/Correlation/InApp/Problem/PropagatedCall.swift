/// What ids that the application passed on say about a call.
struct PropagatedCall {
  /// The number of the one request that the id names (its place among the workload's server hops), or -1.
  var request: Int32 = -1
  /// The requests that the id fits, the latest start first, where it fits several: times decide among them.
  var choices: [Int32] = []
  var evidence: Evidence = .time
  /// Calls of this kind carry ids of requests, and this one's request is not in the log.
  var isOrphan = false

  /// Whether the id names a request of the log, or several.
  var isNamed: Bool { request >= 0 || !choices.isEmpty }
  /// Whether times have no say.
  var isSettled: Bool { request >= 0 || isOrphan }
}
