internal import AccessLog

/// The links being built: for each hop at most one parent and one carrier, as columns.
struct LinkTable {
  /// One column of claims, by position of the claiming hop.
  struct Column {
    /// Position of the hop that is claimed, or -1.
    var target: [Int32]
    var confidence: [Float]
    var evidence: [UInt16]

    init(count: Int) {
      target = [Int32](repeating: -1, count: count)
      confidence = [Float](repeating: 0, count: count)
      evidence = [UInt16](repeating: 0, count: count)
    }

    mutating func set(_ hop: Int32, _ target: Int32, _ confidence: Double, _ evidence: Evidence) {
      assert(hop != target && self.target.indices.contains(Int(target)))
      assert((0...1).contains(confidence))
      self.target[Int(hop)] = target
      self.confidence[Int(hop)] = Float(confidence)
      self.evidence[Int(hop)] = evidence.rawValue
    }
  }

  /// Server hops of which not all that may be their client hops were compared: where they have no parent in the end, that
  /// is undecided.
  var undecided: Set<Int32> = []
  /// Server hop → client hop.
  var parent: Column
  /// Client or server hop → proxy hop.
  var carrier: Column
  /// For each client hop the server hop that answered its last attempt, or -1.
  var answeredBy: [Int32]
  /// Runner-up and margin of links that were chosen among several; the exact ones have none.
  private(set) var contested: [Contested] = []

  struct Contested {
    var hop: Int32
    var kind: Link.Kind
    var runnerUp: Int32
    /// The log odds of the link against the runner-up, in nats.
    var margin: Double
  }

  /// Notes what `hop` would have been linked to otherwise; -1 where nothing else came into question.
  mutating func contest(_ hop: Int32, _ kind: Link.Kind, runnerUp: Int32, margin: Double) {
    if runnerUp < 0 { return }
    assert(runnerUp != hop && !margin.isNaN)
    contested.append(Contested(hop: hop, kind: kind, runnerUp: runnerUp, margin: margin))
  }

  init(count: Int) {
    parent = Column(count: count)
    carrier = Column(count: count)
    answeredBy = [Int32](repeating: -1, count: count)
  }

  /// Claims that `server` answers `client`; of several attempts the last one to start is the answer.
  mutating func link(
    server: Int32, client: Int32, confidence: Double, evidence: Evidence, hops: HopTable
  ) {
    assert(hops[server].role == .server && hops[client].role == .client)
    parent.set(server, client, confidence, evidence)
    let last = answeredBy[Int(client)]
    if last < 0 || (hops[last].start, last) < (hops[server].start, server) {
      answeredBy[Int(client)] = server
    }
  }
}
