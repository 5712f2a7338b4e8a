/// Hops on their way from a parser to the store: numbers in rows, text once.
///
/// Text that repeats has an index into the parser's text table; the writer maps indices to the store's ids with
/// one array read. A batch carries only what is new since the batch before it: the tables' growth.
package struct HopBatch: Sendable {
  package var rows: [HopRow] = []
  /// Texts that got an index since the last batch: `texts[i]` has index `firstText + i`.
  package var firstText: Int32 = 0
  package var texts = TextList()
  /// Attribute sets that got an index since the last batch.
  package var firstAttributeSet: Int32 = 0
  package var attributeSets: [AttributeSet] = []
  /// Sources (log and identity) that got an index since the last batch.
  package var firstSource: Int32 = 0
  package var sources: [SourceIdentity] = []
  /// Text that is too long or too varied for the table; a `TextRef.inline` points in here.
  package var inlineBytes: [UInt8] = []
  /// Kubernetes objects that stood between the lines.
  package var objects: [KubernetesObject] = []
  /// The sources that these came with: without a line they are no logs.
  package internal(set) var objectSources: Set<Int32> = []

  package init() {}

  /// Makes room for the rows of a whole batch. They would else be copied as often as they are parsed; memory that no row
  /// has come to is not touched.
  mutating func reserve() {
    rows.reserveCapacity(Limits.batchRows)
    // Safe: the rows have room for a batch since the line before, and their content is not touched.
    unsafe rows.withUnsafeMutableBufferPointer { rows in
      unsafe LargeMemory.advise(
        UnsafeMutableRawBufferPointer(
          start: rows.baseAddress, count: Limits.batchRows * MemoryLayout<HopRow>.stride))
    }
  }
}
