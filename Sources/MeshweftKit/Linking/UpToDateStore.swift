internal import AccessLog
internal import TraceStore

/// How reports open a store.
enum UpToDateStore {
  /// A reader of a store whose links are up to date: what a crash between ingest and correlation left undone is made
  /// good first. One reader for both, since opening a store is half of what a small report costs.
  ///
  /// A store that may only be written by others, that another process is writing, or for which there is no room, is reported
  /// on as it is: `StoreReader.unlinked` says what is missing then.
  /// - Throws: `StoreError`
  static func reader(_ database: String) throws -> StoreReader {
    let reader = try readerOfAnyLinks(database)
    guard try reader.isPending() else { return reader }
    try reader.close()
    var options = StoreOptions()
    options.busySeconds = StoreLimits.busySecondsOfReport
    let reason: UnlinkedLines.Reason?
    do {
      try Correlate(database: database).link(options: options)
      reason = nil
    } catch StoreError.readOnly {
      reason = .readOnly
    } catch StoreError.busy {
      reason = .busy
    } catch StoreError.full {
      reason = .full
    }
    let linked = try StoreReader(path: database)
    linked.unlinked = try reason.flatMap(linked.unlinkedLines)
    return linked
  }

  /// A reader for a report that shows no links. The schema is up to date: that of an earlier meshweft is brought there first.
  /// - Throws: `StoreError`
  static func readerOfAnyLinks(_ database: String) throws -> StoreReader {
    do {
      return try StoreReader(path: database)
    } catch {
      guard case .older = error else { throw error }
      do { try StoreWriter(path: database).close() } catch StoreError.readOnly { throw error }
      return try StoreReader(path: database)
    }
  }
}
