internal import AccessLog
internal import Queries

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
    try run(.hopLink, ["id": .integer(id)]) { row in
      var columns = RowCursor(row)
      link = StoredLink(&columns)
    }
    guard link != nil else { return nil }
    try run(.hopExtraCarriers, ["id": .integer(id)]) { row in
      var columns = RowCursor(row)
      if let claim = StoredClaim(&columns) { link?.add(claim) }
    }
    return link
  }

  /// The trace that begins with a hop. What begins within half a second of it is looked through once, and each of the trace's hops
  /// is asked for.
  /// - Returns: nil where there is no such hop.
  package func trace(root: Int64) throws -> StoredTrace? {
    var members: [Int64] = []
    try run(.traceMembers, ["root": .integer(root)]) { row in members.append(row.number(0)) }
    return try trace(root: root, members: members)
  }

  /// The trace that begins with a hop and has these.
  func trace(root: Int64, members: [Int64]) throws -> StoredTrace? {
    var links: [Int64: StoredLink] = [:]
    var wanted = Set(members)
    for hop in members {
      guard let link = try link(ofHop: hop) else { continue }
      links[hop] = link
      for carrier in link.carriers { wanted.insert(carrier.target) }
    }
    var hops: [StoredHop] = []
    for hop in wanted { try run(.hop, ["id": .integer(hop)]) { row in hops.append(StoredHop(row)) } }
    return StoredTrace(root: root, hops: hops, links: links)
  }
}

extension StoredTrace {
  /// nil where the first hop is not among the hops, which come in any order.
  init?(root: Int64, hops unordered: [StoredHop], links: [Int64: StoredLink]) {
    // Places are moved, not hops, which are some hundred bytes each.
    let order = unordered.indices.sorted { one, other in
      let (first, second) = (unordered[one].startMicroseconds, unordered[other].startMicroseconds)
      if first != second { return first < second }
      return (unordered[one].source, unordered[one].line, unordered[one].id)
        < (unordered[other].source, unordered[other].line, unordered[other].id)
    }
    let hops = order.map { unordered[$0] }
    guard let first = hops.first(where: { $0.id == root }) else { return nil }
    self.init(id: StoredTrace.id(of: first), root: root, hops: hops, links: links)
  }

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
