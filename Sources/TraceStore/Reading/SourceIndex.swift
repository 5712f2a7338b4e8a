/// `source.id` → dense indices that are ordered by name. Names are put in order by SQLite and are not kept: a store can
/// have logs of very many pods.
struct SourceIndex {
  struct Entry {
    var pod: Int32 = -1
    var meshCluster: Int32 = -1
    var workload: Int32 = -1
    /// Place among all sources, by their texts.
    var rank: Int32 = -1
  }
  private(set) var meshClusters = NameIndex([])
  /// By pod, by workload: the `source.id` of the first of its logs, by their texts.
  private(set) var firstOfPod: [Int64] = []
  private(set) var firstOfWorkload: [Int64] = []
  /// By pod; -1 where not known.
  private(set) var clusterOfPod: [Int32] = []
  private var entries: [Entry] = []
  private var size = Size()

  /// Changes with every source that is stored.
  private struct Size: Equatable {
    var largestID: Int64 = 0
    var count: Int64 = 0
  }

  init(_ reader: StoreReader) throws {
    size = try SourceIndex.size(reader)
    entries = Array(
      repeating: Entry(), count: try reader.connection.arrayCount(forLargestID: size.largestID))
    var rank: Int32 = 0
    try reader.rows(
      "SELECT id FROM source ORDER BY name, mesh_cluster, namespace, pod, container, address", [:]
    ) { row in
      let id = row.number(0)
      guard entries.indices.contains(Int(id)) else { throw reader.connection.damage("source \(id)") }
      entries[Int(id)].rank = rank
      rank += 1
    }
    var names: [String] = []
    _ = try number(reader, "mesh_cluster", where: "mesh_cluster <> ''", \.meshCluster) { names.append($0) }
    meshClusters = NameIndex(names)
    firstOfPod = try number(reader, SourceIndex.pod, where: "true", \.pod) { _ in }
    firstOfWorkload = try number(reader, SourceIndex.workload, where: "workload <> ''", \.workload) { _ in }
    clusterOfPod = firstOfPod.map { entries[Int($0)].meshCluster }
  }

  /// How many sources there are.
  var count: Int { Int(size.count) }

  /// Whether sources were stored since.
  func isOutdated(_ reader: StoreReader) throws -> Bool { try SourceIndex.size(reader) != size }

  private static func size(_ reader: StoreReader) throws -> Size {
    var size = Size()
    try reader.rows("SELECT ifnull(max(id), 0), count(*) FROM source", [:]) { row in
      size = Size(largestID: row.number(0), count: row.number(1))
    }
    return size
  }

  /// Of logs whose pod nobody names the name is that of a file, or an address: mesh clusters may have equal ones.
  private static let pod = """
    CASE WHEN pod <> '' THEN mesh_cluster || '/' || namespace || '/' || pod
        || CASE address WHEN '' THEN '' ELSE ' ' || address END
      WHEN mesh_cluster <> '' THEN mesh_cluster || '/' || name ELSE name END
    """
  private static let workload = "mesh_cluster || '/' || namespace || '/' || workload"

  /// Numbers the names that an expression gives, in their order; sources of one name have one number. `body` takes each
  /// name once. Returns the first of its sources by number; throws `StoreError`.
  private mutating func number(
    _ reader: StoreReader, _ name: String, where condition: String, _ place: WritableKeyPath<Entry, Int32>,
    _ body: (String) -> Void
  ) throws -> [Int64] {
    var first: [Int64] = []
    var last: [UInt8]?
    try reader.rows("SELECT id, \(name) FROM source WHERE \(condition) ORDER BY 2", [:]) { row in
      let id = row.number(0)
      guard entries.indices.contains(Int(id)) else { throw reader.connection.damage("source \(id)") }
      let isNew = row.withBytes(1) { bytes in last.map { !$0.span.isSame(as: bytes) } ?? true }
      if isNew {
        last = row.bytes(1)
        body(row.text(1) ?? "")
        first.append(id)
      } else if entries[Int(id)].rank < entries[Int(first[first.count - 1])].rank {
        first[first.count - 1] = id
      }
      entries[Int(id)][keyPath: place] = Int32(first.count - 1)
    }
    return first
  }

  subscript(id: Int64) -> Entry { entries.indices.contains(Int(id)) ? entries[Int(id)] : Entry() }
}
