internal import AccessLog

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
  /// Index → what was told of the source.
  var identities: [SourceIdentity] = []
  private var isTold: [Bool] = []
  /// What was told, with its address → a number of its own, from 0.
  var toldNumbers: [ToldKey: Int32] = [:]
  /// By that number: `told_source.id`, and the earliest start of its hops as far as that is known here.
  var told: [Int64] = []
  var toldFirsts: [Int64] = []
  /// Attribute set's index → that number.
  var toldOfSet: [Int32] = []
  /// The writer's count of rollbacks when the first batch came; -1 before it.
  var epoch = -1

  package init() {}

  struct ToldKey: Hashable {
    var source: Int32
    var address: String
  }

  /// The parser's tables of sources and sets have started over.
  mutating func forgetSources() {
    identities.removeAll()
    isTold.removeAll()
    toldNumbers.removeAll()
    told.removeAll()
    toldFirsts.removeAll()
    toldOfSet.removeAll()
  }

  /// The number of what was told, by the source's index, with an address.
  mutating func told(
    _ source: Int32, _ address: String, _ statements: SourceStatements
  ) throws(SQLiteFailure) -> Int32 {
    let key = ToldKey(source: source, address: address)
    if let number = toldNumbers[key] { return number }
    let number = Int32(told.count)
    told.append(try statements.id(of: identities[Int(source)], address: address))
    toldFirsts.append(.max)
    toldNumbers[key] = number
    while isTold.count <= Int(source) { isTold.append(false) }
    isTold[Int(source)] = true
    return number
  }

  /// Notes that a source was told without an address, unless it was told with one.
  mutating func told(
    orNone source: Int32, _ statements: SourceStatements
  ) throws(SQLiteFailure) {
    if isTold.count > Int(source), isTold[Int(source)] { return }
    _ = try told(source, "", statements)
  }

  /// Sets `values[first...]`, where the table goes on or starts over.
  static func place<T>(_ value: T, at index: Int, in values: inout [T]) {
    if index < values.count { values[index] = value } else { values.append(value) }
  }
}
