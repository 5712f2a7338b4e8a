internal import AccessLog

/// Hops that are not linked yet, mostly servers', by what they have in common with the hop of the other end.
struct ServerIndex {
  /// Sorted; equal keys are neighbours, and among them starts ascend.
  private let keys: [UInt64]
  let starts: [Int64]
  let hops: [Int32]
  /// Durations in the same order, microseconds: which hops can lie within which.
  let durations: [Int64]
  private let spans: [Int32: ClosedRange<Int64>]
  /// By mesh cluster of the hops: what they are compared by, where that is not everything.
  private let fields: [Int32: ComparedFields]

  /// `fields`: by mesh cluster of the hops; missing where everything is compared.
  init(_ table: HopTable, _ members: [Int32], fields: [Int32: ComparedFields]) {
    self.fields = fields
    var entries = members.map { hop in
      let cluster = table[hop].meshCluster
      return (key: ServerIndex.key(table[hop], cluster: cluster, fields[cluster] ?? .all), hop: hop)
    }
    entries.sort { ($0.key, table[$0.hop].start, $0.hop) < ($1.key, table[$1.hop].start, $1.hop) }
    keys = entries.map(\.key)
    hops = entries.map(\.hop)
    starts = entries.map { table[$0.hop].start }
    durations = entries.map { max(0, table[$0.hop].duration) }
    var spans: [Int32: ClosedRange<Int64>] = [:]
    for entry in entries {
      let hop = table[entry.hop]
      let known = spans[hop.meshCluster] ?? hop.start...hop.start
      spans[hop.meshCluster] = min(known.lowerBound, hop.start)...max(known.upperBound, hop.start)
    }
    self.spans = spans
  }

  /// What hops of a mesh cluster of this index are compared by.
  func fields(ofCluster cluster: Int32) -> ComparedFields { fields[cluster] ?? .all }

  /// What a hop of either end is looked for by among those of a mesh cluster: what both ends of a request log alike, of one that
  /// succeeded also its code and its body bytes. Never 0.
  func key(_ hop: Hop, cluster: Int32) -> UInt64 {
    ServerIndex.key(hop, cluster: cluster, fields.isEmpty ? .all : fields(ofCluster: cluster))
  }

  private static func key(_ hop: Hop, cluster: Int32, _ fields: ComparedFields) -> UInt64 {
    var sum = hash.part(0, FlatKey.pack(cluster, hop.service))
    if fields.contains(.content) { sum = sum &+ hash.part(1, hop.content) }
    let texts = FlatKey.pack(
      Int32(bitPattern: fields.contains(.authority) ? hop.authority : 0),
      Int32(bitPattern: fields.contains(.agent) ? hop.agent : 0))
    sum = sum &+ hash.part(5, texts)
    if hop.succeeded {
      sum = sum &+ hash.part(2, FlatKey.pack(1, fields.contains(.code) ? hop.responseCode : 0))
      if fields.contains(.received) { sum = sum &+ hash.part(3, UInt64(bitPattern: hop.bytesReceived)) }
      if fields.contains(.sent) { sum = sum &+ hash.part(4, UInt64(bitPattern: hop.bytesSent)) }
    }
    return max(1, hash.finish(sum))
  }

  /// Of the process: nobody can have hops that differ taken for alike. Nothing depends on the order of keys.
  private static let hash = MultilinearHash(.random(), words: 6, purpose: 0)

  /// From the first start of a mesh cluster's hops to the last; nil where there are none. Microseconds on its clock.
  func span(ofCluster cluster: Int32) -> ClosedRange<Int64>? { spans[cluster] }

  /// The places of all hops with this key.
  func range(_ key: UInt64) -> Range<Int> {
    let low = keys.partitioningIndex { $0 >= key }
    if low == keys.count || keys[low] != key { return low..<low }
    var step = 1
    while low + step < keys.count, keys[low + step] == key { step *= 2 }
    let end = keys[(low + step / 2)..<min(keys.count, low + step)].partitioningIndex { $0 > key }
    return low..<end
  }

  /// The places within `range` whose start lies in `from ... to`.
  func range(_ range: Range<Int>, from: Int64, to: Int64) -> Range<Int> {
    let slice = starts[range]
    let low = slice.partitioningIndex { $0 >= from }
    return low..<max(low, slice.partitioningIndex { $0 > to })
  }

  /// The places within `range` whose start lies in `from ... to`, at most `limit` around `around`.
  func nearest(_ range: Range<Int>, from: Int64, to: Int64, around: Int64, limit: Int) -> Range<Int> {
    let span = self.range(range, from: from, to: to)
    if span.count <= limit { return span }
    let middle = starts[span].partitioningIndex { $0 >= around }
    let low = max(span.lowerBound, middle - limit / 2)
    return low..<min(span.upperBound, low + limit)
  }
}
