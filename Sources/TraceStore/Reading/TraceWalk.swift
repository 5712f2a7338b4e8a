internal import AccessLog

/// Every trace, one pass over hops and links in the order of time.
///
/// A trace's hops follow its first one within half a second, but for those that the index `link_far` has, which is read in the
/// order of first hops beside them. So each row is read once, and held until the hops before it have been asked for; only
/// carriers, which may have begun hours before, are looked up, and kept, for they carry many requests. Where more begin within
/// half a second than are held, the rest are looked up, too: memory follows density by 16 bytes for each hop.
///
/// For one thread. Each `run` is within a snapshot of its own, and goes on where the last one ended.
package final class TraceWalk {
  /// A hop of a trace that another one began.
  private struct Member {
    var root: Int64
    var hop: Int64
  }

  private struct Root {
    var id: Int64
    var start: Int64
    var rank: Int32
    var line: Int64
  }

  private struct HeldLink {
    var hop: Int64
    var link: StoredLink
  }

  private let reader: StoreReader
  private let since: Int64?
  private let until: Int64?
  private let hopRows, linkRows, farRows, extraRows, otherRows, oneHop: RawStatement
  private let resolver: HopResolver
  private var sources: SourceIndex

  /// Hops and links that were read and are not over yet, by key, and from which place on.
  private var hops: [RawHop] = []
  private var firstHop = 0
  private var links: [HeldLink] = []
  private var firstLink = 0
  /// The last hop whose link was read and is not held: there were too many.
  private var lastUnheld = Int64.min
  /// By the millisecond of the first hop.
  private var members: [Int64: [Member]] = [:]
  private var carriers: [Int64: StoredHop?] = [:]
  /// Where each statement goes on, and whether it has no more.
  private var nextHop: Int64
  private var nextLink: Int64
  private var nextFar: Int64
  private var hopsEnd = false
  private var linksEnd = false
  private var farEnd = false
  /// Rows that were read and come later than what was asked for.
  private var waitingFar: Member?
  private var waitingExtra: (hop: Int64, claim: StoredClaim)?
  private var waitingOther: (hop: Int64, other: Int64, margin: Double?)?
  private var extraEnd = false
  private var othersEnd = false
  /// Of the store, when it was read last.
  private var version: Int64?

  /// Hops and links that are held at most, and carriers.
  private let most: Int
  private static let mostCarriers = 1 << 13

  /// Traces whose first hop starts in a window: microseconds since the epoch, from and to (exclusive).
  /// `holding`: hops that are held at most.
  package init(_ reader: StoreReader, since: Int64? = nil, until: Int64? = nil, holding: Int = 1 << 16) throws
  {
    self.reader = reader
    self.since = since
    self.until = until
    most = holding
    let connection = reader.connection
    hopRows = try connection.statement("SELECT \(RawHop.columns) FROM hop WHERE id >= ? ORDER BY id")
    linkRows = try connection.statement(
      "SELECT hop, ifnull(trace, parent), parent, carrier, claims FROM link WHERE hop >= ? ORDER BY hop")
    farRows = try connection.statement(
      """
      SELECT ifnull(trace, parent), hop FROM link INDEXED BY link_far
      WHERE \(Schema.farCondition) AND ifnull(trace, parent) >= ? ORDER BY ifnull(trace, parent)
      """)
    extraRows = try connection.statement(
      "SELECT hop, carrier, confidence, evidence FROM extra_via WHERE hop >= ? ORDER BY hop, carrier")
    otherRows = try connection.statement(
      "SELECT hop, other, margin FROM runner_up WHERE hop >= ? ORDER BY hop")
    oneHop = try connection.statement("SELECT \(RawHop.columns) FROM hop WHERE id = ?")
    resolver = try HopResolver(reader)
    sources = try SourceIndex(reader)
    let millisecond = min(max((since ?? 0) / 1000, 0), HopKey.lastMillisecond - 64)
    nextHop = millisecond << HopKey.hashBits
    nextLink = nextHop
    nextFar = nextHop
  }

  /// Hands out traces by the start of their first hop, within one start by source and line, for as long as `wantsMore` is
  /// true: whole milliseconds.
  /// - Returns: whether there may be more.
  /// - Throws: what `body` throws, and `StoreError`.
  package func run(while wantsMore: () -> Bool, _ body: (StoredTrace) throws -> Void) throws -> Bool {
    try reader.connection.read { _ in
      let current = try reader.version()
      if let version, version != current { try beginAnew() }
      version = current
      bind()
      defer { for statement in [hopRows, linkRows, farRows, extraRows, otherRows] { statement.reset() } }
      while wantsMore() {
        try reader.connection.checkInterruption()
        guard try emitMillisecond(body) else { return false }
      }
      return true
    }
  }

  /// What is held may be otherwise now.
  private func beginAnew() throws {
    if firstHop < hops.count { nextHop = hops[firstHop].id }
    hops.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    (firstHop, firstLink) = (0, 0)
    members.removeAll()
    carriers.removeAll()
    resolver.forget()
    sources = try SourceIndex(reader)
    // A hop that belongs to one from here on comes behind it, or is far.
    nextLink = nextHop
    nextFar = (nextHop >> HopKey.hashBits) << HopKey.hashBits
    (hopsEnd, linksEnd, farEnd) = (false, false, false)
  }

  private func bind() {
    hopRows.bind(1, nextHop)
    linkRows.bind(1, nextLink)
    extraRows.bind(1, nextLink)
    otherRows.bind(1, nextLink)
    farRows.bind(1, nextFar)
    (waitingFar, waitingExtra, waitingOther) = (nil, nil, nil)
    (extraEnd, othersEnd) = (false, false)
  }

  // MARK: One millisecond

  /// Hands out the traces that start in the next millisecond that has hops; false where there is none.
  private func emitMillisecond(_ body: (StoredTrace) throws -> Void) throws -> Bool {
    if firstHop == hops.count {
      hops.removeAll(keepingCapacity: true)
      firstHop = 0
      try readHop()
    }
    guard firstHop < hops.count else { return false }
    let millisecond = hops[firstHop].id >> HopKey.hashBits
    if let until, hops[firstHop].id > HopKey.range(ofStarts: Int64.min / 2...until).upperBound {
      return false
    }
    let first = millisecond << HopKey.hashBits
    let last = first | HopKey.hashMask
    // Keys of the last millisecond that there can be end with the largest number.
    let near = last > Int64.max - Schema.nearKeys ? Int64.max : last + Schema.nearKeys
    try readLinks(from: first, through: near)
    try readFar(from: first, through: last)
    let roots = try readHops(ofMillisecond: millisecond, ahead: near)
    let own = (members.removeValue(forKey: millisecond) ?? []).sorted {
      ($0.root, $0.hop) < ($1.root, $1.hop)
    }
    for root in roots {
      if let trace = try trace(root.id, TraceWalk.members(of: root.id, in: own)) { try body(trace) }
    }
    drop(through: last)
    return true
  }

  private func drop(through last: Int64) {
    while firstHop < hops.count, hops[firstHop].id <= last { firstHop += 1 }
    while firstLink < links.count, links[firstLink].hop <= last { firstLink += 1 }
    // A first hop that is not there any more leaves its others behind.
    if members.count > 1024 {
      for old in members.keys where old <= last >> HopKey.hashBits { members[old] = nil }
    }
    // A half at a time, so that each is moved once on average.
    if firstHop > 4096, firstHop * 2 > hops.count {
      hops.removeFirst(firstHop)
      firstHop = 0
    }
    if firstLink > 4096, firstLink * 2 > links.count {
      links.removeFirst(firstLink)
      firstLink = 0
    }
  }

  /// Reads the next hop, if there is one.
  private func readHop() throws {
    guard !hopsEnd else { return }
    guard try hopRows.step() else {
      hopsEnd = true
      return
    }
    let raw = RawHop(hopRows)
    if raw.id < .max { nextHop = raw.id + 1 } else { hopsEnd = true }
    hops.append(raw)
  }

  /// All hops of the millisecond at hand, and those ahead of it as far as they are held.
  /// - Returns: the first hops of traces among the former, in the order of the traces.
  private func readHops(ofMillisecond millisecond: Int64, ahead end: Int64) throws -> [Root] {
    var roots: [Root] = []
    var place = firstHop
    var link = firstLink
    while true {
      if place == hops.count { try readHop() }
      guard place < hops.count, hops[place].id >> HopKey.hashBits == millisecond else { break }
      let raw = hops[place]
      while link < links.count, links[link].hop < raw.id { link += 1 }
      let isHeld = link < links.count && links[link].hop == raw.id
      if let root = try root(raw, link: isHeld ? links[link].link : nil) { roots.append(root) }
      // A millisecond may have more hops than are held: those are looked up again.
      if hops.count - firstHop > most { hops.removeLast() } else { place += 1 }
    }
    while !hopsEnd, hops.count - firstHop < most, hops.last.map({ $0.id <= end }) ?? true { try readHop() }
    return roots.sorted { ($0.start, $0.rank, $0.line, $0.id) < ($1.start, $1.rank, $1.line, $1.id) }
  }

  /// A hop that begins a trace in the window; carriers are none.
  private func root(_ raw: RawHop, link held: StoredLink?) throws -> Root? {
    if let since, raw.start < since { return nil }
    if let until, raw.start >= until { return nil }
    guard let common = try resolver.common(raw), common.hop.role != "proxy" else { return nil }
    let link = try held ?? (raw.id <= lastUnheld ? reader.link(ofHop: raw.id) : nil)
    if let link, link.traceRoot != raw.id { return nil }
    return Root(id: raw.id, start: raw.start, rank: sources[common.source].rank, line: raw.line)
  }

  // MARK: Links

  /// Reads which hops belong to which, up to a key, and holds what is said of them; of traces that begin with a key or behind
  /// it.
  private func readLinks(from first: Int64, through last: Int64) throws {
    while !linksEnd, nextLink <= last {
      guard try linkRows.step() else {
        linksEnd = true
        return
      }
      let hop = linkRows.integer(0)
      if hop < .max { nextLink = hop + 1 } else { linksEnd = true }
      let root = linkRows.optionalInteger(1)
      if let root, root != hop, hop >= root, hop &- root <= Schema.nearKeys, root >= first {
        members[root >> HopKey.hashBits, default: []].append(Member(root: root, hop: hop))
      }
      if links.count - firstLink < most {
        links.append(HeldLink(hop: hop, link: try link(ofHop: hop, root: root)))
      } else {
        lastUnheld = hop
      }
    }
  }

  /// From the row that `linkRows` is at.
  private func link(ofHop hop: Int64, root: Int64?) throws -> StoredLink {
    let claims = linkRows.integer(4)
    var link = StoredLink(
      traceRoot: root ?? hop, parent: linkRows.optionalInteger(2), carrier: linkRows.optionalInteger(3),
      claims: claims)
    while let extra = try extraClaim(from: hop), extra.hop == hop {
      link.add(extra.claim)
      waitingExtra = nil
    }
    if let other = try runnerUp(from: hop), other.hop == hop {
      link.runnerUp = other.other
      link.margin = other.margin
    }
    return link
  }

  private func extraClaim(from hop: Int64) throws -> (hop: Int64, claim: StoredClaim)? {
    while !extraEnd, waitingExtra.map({ $0.hop < hop }) ?? true {
      guard try extraRows.step() else {
        extraEnd = true
        waitingExtra = nil
        break
      }
      var columns = RowCursor(SQLRow(statement: extraRows))
      let key = columns.number("hop")
      waitingExtra = StoredClaim(&columns).map { (key, $0) }
    }
    return waitingExtra
  }

  private func runnerUp(from hop: Int64) throws -> (hop: Int64, other: Int64, margin: Double?)? {
    while !othersEnd, waitingOther.map({ $0.hop < hop }) ?? true {
      guard try otherRows.step() else {
        othersEnd = true
        waitingOther = nil
        break
      }
      waitingOther = (
        otherRows.integer(0), otherRows.integer(1),
        otherRows.optionalInteger(2).map { Double($0) / 10_000 }
      )
    }
    return waitingOther
  }

  /// Hops that are far from the first ones of their traces, of first hops from one key up to another.
  private func readFar(from first: Int64, through last: Int64) throws {
    // All that belong to first hops up to there are read then.
    defer { if last < .max { nextFar = last + 1 } else { farEnd = true } }
    while !farEnd {
      if waitingFar == nil {
        guard try farRows.step() else {
          farEnd = true
          return
        }
        waitingFar = Member(root: farRows.integer(0), hop: farRows.integer(1))
      }
      guard let far = waitingFar, far.root <= last else { return }
      if far.root >= first { members[far.root >> HopKey.hashBits, default: []].append(far) }
      waitingFar = nil
    }
  }

  // MARK: One trace

  private static func members(of root: Int64, in members: [Member]) -> ArraySlice<Member> {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle].root < root { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < members.count, members[end].root == root { end += 1 }
    return members[low..<end]
  }

  private func trace(_ root: Int64, _ members: ArraySlice<Member>) throws -> StoredTrace? {
    var stored: [StoredHop] = []
    var links: [Int64: StoredLink] = [:]
    var own: Set<Int64> = [root]
    for member in members { own.insert(member.hop) }
    var others: Set<Int64> = []
    for key in own {
      if let link = try link(of: key) {
        links[key] = link
        for carrier in link.carriers where !own.contains(carrier.target) { others.insert(carrier.target) }
      }
      if let hop = try hop(key) { stored.append(hop) }
    }
    for key in others { if let hop = try carrier(key) { stored.append(hop) } }
    return StoredTrace(root: root, hops: stored, links: links)
  }

  private func link(of key: Int64) throws -> StoredLink? {
    var (low, high) = (firstLink, links.count)
    while low < high {
      let middle = (low + high) / 2
      if links[middle].hop < key { low = middle + 1 } else { high = middle }
    }
    if low < links.count, links[low].hop == key { return links[low].link }
    return try reader.link(ofHop: key)
  }

  private func hop(_ key: Int64) throws -> StoredHop? {
    var (low, high) = (firstHop, hops.count)
    while low < high {
      let middle = (low + high) / 2
      if hops[middle].id < key { low = middle + 1 } else { high = middle }
    }
    if low < hops.count, hops[low].id == key { return try resolver.resolved(hops[low]) }
    return try lookUp(key)
  }

  private func carrier(_ key: Int64) throws -> StoredHop? {
    if let known = carriers[key] { return known }
    if carriers.count >= TraceWalk.mostCarriers { carriers.removeAll(keepingCapacity: true) }
    let hop = try lookUp(key)
    carriers[key] = .some(hop)
    return hop
  }

  private func lookUp(_ key: Int64) throws -> StoredHop? {
    oneHop.bind(1, key)
    defer { oneHop.reset() }
    return try oneHop.step() ? try resolver.resolved(RawHop(oneHop)) : nil
  }
}
