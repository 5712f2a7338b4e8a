internal import AccessLog
internal import Queries
internal import TraceStore

/// From where to where a database has the logs of containers, as it was when collecting began.
struct LogEnds {
  private var ranges: [Origin<String>: (first: Int64, end: Int64)] = [:]

  /// Nothing is known.
  init() {}

  /// Of a store that need not be there. Lines that end after `now` do not count: were they believed, no newer line would be
  /// read until then.
  /// - Throws: `StoreError`
  init(database: String, now: Int64) throws {
    guard FileStatus(FileName(database)) != nil else { return }
    let reader = try UpToDateStore.readerOfAnyLinks(database)
    try reader.run(.logEnds, ["until_us": .integer(now)]) { row in
      var columns = RowCursor(row)
      let key = Origin(
        meshCluster: columns.text("mesh_cluster") ?? "", namespace: columns.text("namespace") ?? "",
        pod: columns.text("pod") ?? "", container: columns.text("container") ?? "")
      let first = columns.integer("first_start_us")
      guard let first, let end = columns.integer("last_end_us") else { return }
      ranges[key] = (min(first, ranges[key]?.first ?? first), max(end, ranges[key]?.end ?? end))
    }
    try reader.close()
  }

  /// Where reading a log goes on, microseconds since the epoch: a line was written after what it tells of had ended, and
  /// the lines that are missing after those that are there. Nil for its beginning.
  ///
  /// `since` is how far back the user wants it: where the database begins later, lines between them may be missing.
  func start(of log: LogName, since: Int64?) -> Int64? {
    let key = Origin(
      meshCluster: log.context.meshCluster, namespace: log.namespace, pod: log.pod, container: log.container)
    guard let range = ranges[key] else { return since }
    let end = range.end - CollectLimits.overlap
    guard let since else { return end }
    return range.first > since ? since : max(since, end)
  }
}
