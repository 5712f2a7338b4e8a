/// What a parser has seen before: texts, attribute sets, sources, each under a small index.
///
/// One set of tables per ingest; a batch carries what grew since the batch before it. Bounded: when a table is full
/// it starts over at a batch's end, and the next batch's `first…` of 0 tells the writer to forget its indices.
package final class ParserTables {
  let texts: TextTable
  private var attributeIndex: [AttributeKey: (index: Int32, anomalies: Anomalies)] = [:]
  private var attributeSets: [AttributeSet] = []
  private var sourceIndex: [SourceIdentity: Int32] = [:]
  private var sources: [SourceIdentity] = []

  private var sentTexts = 0
  private var sentTextBytes = 0
  private var sentAttributeSets = 0
  private var sentSources = 0

  /// The 128-bit hash of an attribute set's raw values, seeded per process so that nobody can aim at it.
  struct AttributeKey: Hashable {
    var high: UInt64
    var low: UInt64

    func hash(into hasher: inout Hasher) { hasher.combine(low) }
  }

  package init() {
    texts = TextTable(seed: UInt64.random(in: .min ... .max))
  }

  /// A set's index, and what was odd about its values.
  func attributeSet(_ key: AttributeKey) -> (index: Int32, anomalies: Anomalies)? { attributeIndex[key] }

  func add(_ set: AttributeSet, anomalies: Anomalies, key: AttributeKey) -> Int32 {
    let index = Int32(attributeSets.count)
    attributeSets.append(set)
    attributeIndex[key] = (index, anomalies)
    return index
  }

  func index(of source: SourceIdentity) -> Int32 {
    if let index = sourceIndex[source] { return index }
    let index = Int32(sources.count)
    sources.append(source)
    sourceIndex[source] = index
    return index
  }

  package func source(_ index: Int32) -> SourceIdentity { sources[Int(index)] }

  /// Bytes of text that wait for the next batch.
  package var unsentTextBytes: Int { texts.bytes - sentTextBytes }

  /// Moves the tables' growth into a batch that is about to leave, and empties full tables.
  package func finish(_ batch: inout HopBatch) {
    batch.firstText = Int32(sentTexts)
    batch.texts = texts.texts(from: sentTexts)
    sentTexts = texts.count
    sentTextBytes = texts.bytes
    batch.firstAttributeSet = Int32(sentAttributeSets)
    batch.attributeSets = Array(attributeSets[sentAttributeSets...])
    sentAttributeSets = attributeSets.count
    batch.firstSource = Int32(sentSources)
    batch.sources = Array(sources[sentSources...])
    sentSources = sources.count
    if isFull { removeAll() }
  }

  private var isFull: Bool {
    texts.count >= 2 * Limits.tableTexts || texts.bytes >= Limits.tableBytes
      || attributeSets.count >= Limits.tableAttributeSets
  }

  /// Attribute sets refer to texts, so both go together; sources stay, for they are few.
  private func removeAll() {
    texts.removeAll()
    attributeIndex.removeAll(keepingCapacity: true)
    attributeSets.removeAll(keepingCapacity: true)
    sentTexts = 0
    sentTextBytes = 0
    sentAttributeSets = 0
  }
}
