/// Which addresses of the hops of an attribute set are ports alone, because their IP stands with the attributes.
typealias AddressIPs = (upstreamLocal: Bool, downstreamRemote: Bool)

/// What one parser's indices are in the store: grows with the parser's own tables, batch by batch.
///
/// One per parser, kept by whoever runs the ingest. After a rollback it names rows that are gone: the ingest then
/// starts over with a new one (the writer refuses the old one).
package struct IngestTables: Sendable {
  /// Index → `text.id`, and the hash of its bytes.
  var texts: [Int64] = []
  var textHashes: [UInt64] = []
  /// Index → `attribute_set.id`.
  var attributeSets: [Int64] = []
  /// Index → whether hops with this attribute set are proxies'.
  var isConnection: [Bool] = []
  /// Index → whether hops with this attribute set are connections of which no proxy tells: they belong together with others
  /// that began when they did.
  var isTCP: [Bool] = []
  /// Index → which of a hop's addresses are ports alone.
  var addressIPs: [AddressIPs] = []
  /// Index → `source.id`.
  var sources: [Int64] = []
  /// The writer's count of rollbacks when the first batch came; -1 before it.
  var epoch = -1

  package init() {}

  /// Sets `values[first...]`, where the table goes on or starts over.
  static func place<T>(_ value: T, at index: Int, in values: inout [T]) {
    if index < values.count { values[index] = value } else { values.append(value) }
  }
}

/// What became of a batch's rows.
package struct AppendResult: Sendable, Equatable {
  /// Counts of one source, by the parser's index of it.
  package struct Count: Sendable, Equatable {
    package var source: Int32
    package var stored: Int
    package var duplicate: Int
  }
  /// Sources that the batch had rows of, in the order of their indices.
  package var sources: [Count] = []
  package var stored = 0
  package var duplicate = 0
  /// Keys that were taken by another hop and passed over.
  package var collisions = 0
}
