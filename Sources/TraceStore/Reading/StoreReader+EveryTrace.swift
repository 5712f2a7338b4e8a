extension StoreReader {
  /// Every trace, by the start of its first hop; within one start by source and line. See `TraceWalk`.
  /// - Parameters: start of the first hop, microseconds since the epoch, from and to (exclusive).
  /// - Throws: what `body` throws, and `StoreError`.
  package func forEachTrace(
    since: Int64? = nil, until: Int64? = nil, _ body: (StoredTrace) throws -> Void
  ) throws {
    try snapshot {
      let walk = try TraceWalk(self, since: since, until: until)
      _ = try walk.run(while: { true }, body)
    }
  }

  /// Traces by the keys of their first hops, which ascend, until `body` says false: what each of many costs does not grow with
  /// how many begin beside it. Within one `snapshot`.
  /// - Throws: what `body` throws, and `StoreError`.
  package func forEachTrace(roots: ArraySlice<Int64>, _ body: (StoredTrace?) throws -> Bool) throws {
    var members = try TraceMembers(self)
    var last = Int64.min
    for root in roots {
      let millisecond = root >> HopKey.hashBits
      if last != .min, root - last > Schema.nearKeys { members.restart() }
      if last == .min || millisecond != last >> HopKey.hashBits {
        try members.advance(toMillisecond: millisecond)
      }
      last = root
      guard try body(try trace(root: root, members: try members.of(root))) else { return }
    }
  }
}

/// Which hops belong to which trace, for one trace after the other in the order of their first hops' milliseconds: links
/// are read once, half a second ahead, instead of once for each trace. For one thread, within one `snapshot`.
private struct TraceMembers {
  private let near, far: RawStatement
  /// By the millisecond of the first hop: first hops and hops of theirs, in the order of the latter.
  private var ahead: [Int64: [(root: Int64, hop: Int64)]] = [:]
  /// The traces that begin in the millisecond at hand, by first hop.
  private var current: [(root: Int64, hop: Int64)] = []
  private var hasBegun = false
  /// A link that was read and belongs behind what was asked for.
  private var isAtEnd = false

  init(_ reader: StoreReader) throws {
    near = try reader.connection.statement(
      "SELECT hop, ifnull(trace, parent) FROM link WHERE hop >= ? AND ifnull(trace, parent) IS NOT NULL ORDER BY hop"
    )
    far = try reader.connection.statement(
      "SELECT hop FROM link INDEXED BY link_far WHERE ifnull(trace, parent) = ?1 AND \(Schema.farCondition)")
  }

  /// Makes ready for the traces that begin in a millisecond: a later one than before.
  mutating func advance(toMillisecond millisecond: Int64) throws {
    if !hasBegun {
      near.bind(1, millisecond << HopKey.hashBits)
      hasBegun = true
    }
    let last = (millisecond + 1) << HopKey.hashBits + Schema.nearKeys
    while !isAtEnd {
      guard try near.step() else {
        isAtEnd = true
        near.reset()
        break
      }
      let (hop, root) = (near.integer(0), near.integer(1))
      if hop != root, hop - root >= 0, hop - root <= Schema.nearKeys, root >> HopKey.hashBits >= millisecond {
        ahead[root >> HopKey.hashBits, default: []].append((root, hop))
      }
      if hop > last { break }
    }
    current = (ahead[millisecond] ?? []).sorted { $0 < $1 }
    for old in ahead.keys where old <= millisecond { ahead[old] = nil }
  }

  /// Lets the next millisecond be any later one, without reading what lies between.
  mutating func restart() {
    near.reset()
    ahead = [:]
    (hasBegun, isAtEnd) = (false, false)
  }

  /// The hops of a trace that begins in the millisecond at hand, the first among them.
  mutating func of(_ root: Int64) throws -> [Int64] {
    var (low, high) = (0, current.count)
    while low < high {
      let middle = (low + high) / 2
      if current[middle].root < root { low = middle + 1 } else { high = middle }
    }
    var members = [root]
    while low < current.count, current[low].root == root {
      members.append(current[low].hop)
      low += 1
    }
    far.bind(1, root)
    defer { far.reset() }
    while try far.step() { members.append(far.integer(0)) }
    return members
  }
}
