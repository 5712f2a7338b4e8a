/// What a parser has seen before: texts, attribute sets, sources, each under a small index.
///
/// One set of tables per ingest; a batch carries what grew since the batch before it. Bounded: when a table is full
/// it starts over at a batch's end, and the next batch's `first…` of 0 tells the writer to forget its indices. Indices
/// of sources are kept by parsers, too: `sourceGeneration` tells them.
package final class ParserTables {
  // One thread owns the tables and no call comes back into them: the run-time check of that would cost 7 % of parsing.
  // Safe: so no two accesses to what is unchecked can overlap.
  @exclusivity(unchecked) private var texts: TextTable
  @exclusivity(unchecked) private var attributeIndex = AttributeTable()
  private var attributeSets: [AttributeSet] = []
  private var sourceIndex: [SourceIdentity: Int32] = [:]
  private var sources: [SourceIdentity] = []
  /// How often sources were asked for since the table started over: each input asks once for whatever is said about one.
  private var sourceRequests = 0
  private let sourceLimit: Int
  /// What names lines, and sources as these names need it.
  let identities: LineIdentities
  @exclusivity(unchecked) private var generation = 0

  private var sentTexts = 0
  private var sentTextBytes = 0
  private var sentAttributeSets = 0
  private var sentSources = 0

  /// `secret`: that of the database that the lines are for.
  package init(sourceLimit: Int = Limits.tableSources, secret: HashSecret = .ofProcess) {
    self.sourceLimit = sourceLimit
    identities = LineIdentities(secret)
    unsafe texts = TextTable(seed: UInt64.random(in: .min ... .max))
  }

  /// The index of a text, or nil where it is new and `mayGrow` is false.
  @inline(__always)
  func index(of text: PaddedBytes, mayGrow: Bool) -> Int32? {
    unsafe texts.index(of: text, mayGrow: mayGrow)
  }

  @inline(__always)
  func index(of text: PaddedBytes, hash: UInt64, mayGrow: Bool) -> Int32? {
    unsafe texts.index(of: text, hash: hash, mayGrow: mayGrow)
  }

  /// A text's hash; its slot will be at hand when the text is looked up.
  @inline(__always)
  func prefetch(_ text: PaddedBytes) -> UInt64 {
    let hash = unsafe texts.hash(text)
    unsafe texts.prefetchSlot(hash)
    return hash
  }

  /// Has the text at hand that one of this hash will be compared with; its slot should be by now.
  @inline(__always)
  func prefetchText(_ hash: UInt64) { unsafe texts.prefetchText(hash) }

  /// Whether texts of high variety may still enter the table; beyond it they travel in their rows.
  var hasRoomForTexts: Bool { unsafe texts.count < Limits.tableTexts }

  /// The text of an index.
  func text(_ index: Int32) -> String { unsafe String(decoding: texts.copy(of: index), as: UTF8.self) }

  /// A set's own address, see `AttributeSet`.
  func ownAddress(ofSet index: Int32) -> String { attributeSets[Int(index)].ownAddress }

  /// A set's index, and what was odd about its values.
  @inline(__always)
  func attributeSet(_ key: AttributeTable.Key) -> AttributeTable.Found? { unsafe attributeIndex[key] }

  func add(_ set: AttributeSet, key: AttributeTable.Key) -> Int32 {
    let index = Int32(attributeSets.count)
    attributeSets.append(set)
    unsafe attributeIndex.insert(key, AttributeTable.Found(index: index, anomalies: set.anomalies))
    return index
  }

  /// Rises when indices of sources that were given out before stand for nothing any more.
  @inline(__always)
  var sourceGeneration: Int { unsafe generation }

  /// The index of a source, to be kept until `sourceGeneration` is another one.
  func index(of source: SourceIdentity) -> Int32 {
    sourceRequests += 1
    if let index = sourceIndex[source] { return index }
    let index = Int32(sources.count)
    sources.append(source)
    sourceIndex[source] = index
    return index
  }

  package func source(_ index: Int32) -> SourceIdentity { sources[Int(index)] }

  /// Whether the batch should leave, so that the table of sources can start over.
  package var isFullOfSources: Bool { sourceRequests >= sourceLimit }

  /// Bytes of text that wait for the next batch.
  package var unsentTextBytes: Int { unsafe texts.bytes - sentTextBytes }

  /// Moves the tables' growth into a batch that is about to leave, and empties full tables.
  package func finish(_ batch: inout HopBatch) {
    batch.firstText = Int32(sentTexts)
    batch.texts = unsafe texts.texts(from: sentTexts)
    sentTexts = unsafe texts.count
    sentTextBytes = unsafe texts.bytes
    batch.firstAttributeSet = Int32(sentAttributeSets)
    batch.attributeSets = Array(attributeSets[sentAttributeSets...])
    sentAttributeSets = attributeSets.count
    batch.firstSource = Int32(sentSources)
    batch.sources = Array(sources[sentSources...])
    sentSources = sources.count
    if isFull { removeAll() }
    if isFullOfSources { removeSources() }
  }

  private var isFull: Bool {
    unsafe texts.count >= 2 * Limits.tableTexts || texts.bytes >= Limits.tableBytes
      || attributeSets.count >= Limits.tableAttributeSets
  }

  /// Attribute sets refer to texts, so both go together.
  private func removeAll() {
    unsafe texts.removeAll()
    sentTexts = 0
    sentTextBytes = 0
    removeAttributeSets()
  }

  private func removeAttributeSets() {
    unsafe attributeIndex.removeAll()
    attributeSets.removeAll(keepingCapacity: true)
    sentAttributeSets = 0
  }

  /// Attribute sets refer to sources.
  private func removeSources() {
    sourceIndex.removeAll()
    sources.removeAll()
    sentSources = 0
    sourceRequests = 0
    unsafe generation += 1
    removeAttributeSets()
  }
}
