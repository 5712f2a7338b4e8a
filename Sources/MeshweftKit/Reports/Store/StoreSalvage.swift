internal import TraceStore
internal import Platform

/// `meshweft check --salvage`: takes what can still be read out of a damaged database into a new one.
public struct StoreSalvage {
  private let database: String
  private let target: String

  /// The damaged store stays as it is; `target` must not be there yet.
  public init(database: String, into target: String) {
    self.database = database
    self.target = target
  }

  /// The new store is made beside `target` and gets that name when all is in it and on the disk: who is stopped on the way
  /// leaves nothing that goes by it.
  /// - Returns: what was saved and what was lost, a sentence each.
  /// - Throws: `UsageError` where the new file is there already; `StoreError` where the damaged one cannot even be
  ///   opened or the new one cannot be written.
  public func run() throws -> [String] {
    let name = FileName(target)
    if StoreFiles(database: database).holds(name) {
      throw UsageError("--salvage: \(Shown.path(target)) belongs to the damaged database; name a new file")
    }
    guard !FileStatus.isTaken(name) else { throw isThere }
    // Before the new file is made: one that cannot be opened has nothing to save.
    let damaged = try DamagedStore(path: database)
    let beside = name + ".salvage-\(getpid())"
    guard !FileStatus.isTaken(beside) else {
      throw UsageError("--salvage: \(Shown.path(beside.text)) is there already")
    }
    do {
      let tables = try fill(FileName.argument(beside.bytes), from: damaged)
      try give(beside, name)
      let losesKey = tables.contains { $0.name == "hash_key" }
      return tables.filter { $0.name != "hash_key" }.map(StoreSalvage.sentence) + [
        losesKey
          ? "The key that lines are known by is lost: a log that is ingested into \(Shown.path(target)) again counts twice."
          : "Ingest the logs into \(Shown.path(target)) again to add what was lost; nothing comes twice."
      ]
    } catch {
      for ending in [""] + StoreFiles.endings { (beside + ending).remove() }
      throw error
    }
  }

  private func fill(_ path: String, from damaged: DamagedStore) throws -> [SalvagedTable] {
    let writer = try StoreWriter(path: path)
    let tables = try writer.salvage(from: damaged)
    try writer.close()
    guard tables.contains(where: { $0.name == "hop" && $0.rows > 0 }) else {
      throw StoreError.corrupt(path: database, detail: "not one hop in it can be read")
    }
    try Correlate(database: path).run(again: .all)
    return tables
  }

  /// Never over a file that somebody has made meanwhile.
  private func give(_ beside: FileName, _ name: FileName) throws {
    guard beside.sync() else { throw notWritten(errno) }
    if beside.link(as: name) {
      beside.remove()
    } else {
      guard errno != EEXIST, !FileStatus.isTaken(name) else { throw isThere }
      // Not all file systems have links.
      guard beside.rename(to: name) else { throw notWritten(errno) }
    }
    name.folder.sync()
  }

  private func notWritten(_ code: Int32) -> OutputFileError {
    OutputFileError(
      description: "\(Shown.path(target)) cannot be written: \(OutputFile.Failure.system(code))")
  }

  private var isThere: UsageError {
    UsageError("--salvage: \(Shown.path(target)) is there already; name a new file")
  }

  private static func sentence(_ table: SalvagedTable) -> String {
    let names = ["hop": "hops", "text": "texts", "source": "sources", "attribute_set": "attribute sets"]
    var text = "\(Quantity.grouped(Int64(table.rows))) \(names[table.name] ?? table.name) saved"
    if table.refused > 0 { text += ", \(Quantity.grouped(Int64(table.refused))) damaged and left out" }
    if table.gaps > 0 { text += ", \(table.gaps) \(table.gaps == 1 ? "stretch" : "stretches") unreadable" }
    return text
  }
}
