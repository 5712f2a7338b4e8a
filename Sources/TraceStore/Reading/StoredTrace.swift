internal import AccessLog
package import Correlation
internal import Queries

/// A claim about a hop, as it was stored: confidence in ten-thousandths is exact enough for a probability.
package struct StoredClaim: Sendable, Equatable {
  /// The key of the hop that it points to.
  package var target: Int64
  package var confidence: Double
  package var evidence: Evidence
}

/// What correlation said about one hop.
package struct StoredLink: Sendable, Equatable {
  /// The key of its trace's first hop.
  package var traceRoot: Int64
  package var parent: StoredClaim?
  /// The surest first.
  package var carriers: [StoredClaim] = []
  package var carrierStatus = CarrierStatus.unknown
  package var runnerUp: Int64?
  package var margin: Double?
}

/// One trace: its hops, their carriers, and how they belong together.
package struct StoredTrace: Sendable {
  /// 32 hex digits: the propagated trace id of its first hop, else the bits of its request id, else a hash of what
  /// that hop is.
  package var id: String
  package var root: Int64
  /// Carriers among them; by start, source and line.
  package var hops: [StoredHop]
  /// By the key of the hop; those that were not correlated have none.
  package var links: [Int64: StoredLink]
}

extension StoreReader {
  /// The trace that a hop is part of. A carrier alone is a trace of itself.
  /// - Returns: nil where there is no such hop.
  package func trace(ofHop id: Int64) throws -> StoredTrace? {
    try snapshot { try trace(root: try traceRoot(ofHop: id)) }
  }

  /// The key of the first hop of the trace that a hop is part of: its own where it is the first, or not correlated.
  package func traceRoot(ofHop id: Int64) throws -> Int64 {
    var root = id
    try run(.hopLink, ["id": .integer(id)]) { row in root = row.integer(0) ?? id }
    return root
  }

  /// What correlation said about a hop; nil where it has not been asked.
  package func link(ofHop id: Int64) throws -> StoredLink? {
    var link: StoredLink?
    try run(.hopLink, ["id": .integer(id)]) { row in link = StoredLink(row, hop: id) }
    guard link != nil else { return nil }
    try run(.hopExtraCarriers, ["id": .integer(id)]) { row in
      if let claim = StoredClaim(row, at: 0) { link?.add(claim) }
    }
    return link
  }

  /// The trace that begins with a hop: three statements, however many hops it has.
  /// - Returns: nil where there is no such hop.
  package func trace(root: Int64) throws -> StoredTrace? {
    let parameters: [String: SQLValue] = ["root": .integer(root)]
    var links: [Int64: StoredLink] = [:]
    try run(.traceLinks, parameters) { row in
      let hop = row.integer(10) ?? 0
      links[hop] = StoredLink(row, hop: hop)
    }
    try run(.traceExtraCarriers, parameters) { row in
      if let claim = StoredClaim(row, at: 0) { links[row.integer(3) ?? 0]?.add(claim) }
    }
    var hops: [StoredHop] = []
    try run(.traceHops, parameters) { row in hops.append(StoredHop(row)) }
    hops.sort {
      ($0.startMicroseconds, $0.source, $0.line, $0.id) < ($1.startMicroseconds, $1.source, $1.line, $1.id)
    }
    guard let first = hops.first(where: { $0.id == root }) else { return nil }
    return StoredTrace(id: StoredTrace.id(of: first), root: root, hops: hops, links: links)
  }
}

extension StoreReader {
  /// Every trace, by the start of its first hop; within one start by source and line. One trace in memory at a time.
  /// - Parameters: start of the first hop, microseconds since the epoch, from and to (exclusive).
  /// - Throws: what `body` throws, and `StoreError`.
  package func forEachTrace(
    since: Int64? = nil, until: Int64? = nil, _ body: (StoredTrace) throws -> Void
  ) throws {
    try snapshot {
      let sources = try SourceIndex(self)
      var block: [Root] = []
      try run(.traceRoots, ["since_us": SQLValue(since), "until_us": SQLValue(until)]) { row in
        let root = Root(row, sources)
        if let last = block.last, last.id >> HopKey.hashBits != root.id >> HopKey.hashBits {
          try emit(&block, body)
        }
        block.append(root)
      }
      try emit(&block, body)
    }
  }

  /// Hands out the traces that start in one millisecond, and empties the list.
  private func emit(_ block: inout [Root], _ body: (StoredTrace) throws -> Void) throws {
    block.sort { ($0.start, $0.rank, $0.line, $0.id) < ($1.start, $1.rank, $1.line, $1.id) }
    for root in block {
      if let trace = try trace(root: root.id) { try body(trace) }
    }
    block.removeAll(keepingCapacity: true)
  }

  private struct Root {
    var id: Int64
    var start: Int64
    var rank: Int32
    var line: Int64

    init(_ row: SQLRow, _ sources: SourceIndex) {
      id = row.integer(0) ?? 0
      start = row.integer(1) ?? 0
      rank = sources[row.integer(2) ?? 0].rank
      line = row.integer(3) ?? 0
    }
  }
}

extension StoredTrace {
  /// A trace's public id, from its first hop alone: it stays when hops join later.
  static func id(of root: StoredHop) -> String {
    if let words = root.traceID.flatMap({ IdentifierText.parse($0.utf8) }) { return hex(words) }
    if let words = root.requestID.flatMap({ IdentifierText.parse($0.utf8) }) { return hex(words) }
    let facts = [
      root.traceID ?? root.requestID ?? "", root.source, root.meshCluster, root.namespace, root.pod,
      "\(root.startMicroseconds)", "\(root.durationMicroseconds ?? -1)", root.method ?? "", root.path ?? "",
      root.upstreamHost ?? "", root.upstreamLocalAddress ?? "", root.downstreamRemoteAddress ?? "",
      "\(root.bytesReceived ?? -1)", "\(root.bytesSent ?? -1)",
    ]
    // Each with its length, for a path may hold anything. The same in every database, and nobody's to choose: who reads
    // exported traces takes those with one id for one.
    return hex(SHA256.first128(facts.flatMap { Array("\($0.utf8.count):\($0)".utf8) }))
  }

  private static func hex(_ words: (high: UInt64, low: UInt64)) -> String {
    String(decoding: IdentifierText.format(high: words.high, low: words.low, dashes: false), as: UTF8.self)
  }
}

extension StoredClaim {
  /// From three columns: target, confidence, evidence.
  init?(_ row: SQLRow, at column: Int) {
    guard let target = row.integer(column) else { return nil }
    self.target = target
    confidence = Double(row.integer(column + 1) ?? 0) / 10_000
    evidence = Evidence(rawValue: UInt16(clamping: row.integer(column + 2) ?? 0))
  }
}

extension StoredLink {
  /// Carriers stay in their order: the surest first.
  fileprivate mutating func add(_ carrier: StoredClaim) {
    carriers.append(carrier)
    carriers.sort { ($1.confidence, $0.target) < ($0.confidence, $1.target) }
  }

  /// From a row of hop_link.sql or trace_links.sql.
  init(_ row: SQLRow, hop: Int64) {
    traceRoot = row.integer(0) ?? hop
    parent = StoredClaim(row, at: 1)
    carriers = StoredClaim(row, at: 4).map { [$0] } ?? []
    carrierStatus = CarrierStatus(rawValue: UInt8(clamping: row.integer(7) ?? 0)) ?? .unknown
    runnerUp = row.integer(8)
    margin = row.integer(9).map { Double($0) / 10_000 }
  }
}
