internal import AccessLog

/// What became of the lines of each source, of as many as a summary lists; those that are met later are added up.
struct SourceSums {
  private let limit: Int
  /// In the order in which sources were met.
  private(set) var rows: [SourceCounts] = []
  /// Nil where all have a row.
  private(set) var others: IngestCounts?
  private var rowOf: [SourceIdentity: Int] = [:]
  /// By the parser's index: a row, nil for one of the others.
  private var places: [Int?] = []

  init(limit: Int) { self.limit = limit }

  /// All sources together.
  var all: IngestCounts {
    var all = others ?? IngestCounts()
    for row in rows { all += row.counts }
    return all
  }

  /// Sources that got indices of the parser's, from `first` on; what stood there before stands for nothing any more.
  mutating func meet(_ sources: [SourceIdentity], first: Int) {
    places.removeSubrange(min(first, places.count)...)
    for source in sources { places.append(row(of: source)) }
  }

  private mutating func row(of source: SourceIdentity) -> Int? {
    if let row = rowOf[source] { return row }
    guard rows.count < limit else {
      others = others ?? IngestCounts()
      return nil
    }
    rows.append(
      SourceCounts(
        source: source.name, meshCluster: source.origin.meshCluster, namespace: source.origin.namespace,
        pod: source.origin.pod, container: source.origin.container, counts: IngestCounts()))
    rowOf[source] = rows.count - 1
    return rows.count - 1
  }

  /// Adds to the counts of the source that has an index.
  mutating func add(_ counts: IngestCounts, to index: Int) {
    if let row = places[index] { rows[row].counts += counts } else { others? += counts }
  }
}
