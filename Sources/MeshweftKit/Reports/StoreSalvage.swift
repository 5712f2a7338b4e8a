internal import Foundation
internal import TraceStore

/// `meshweft check --salvage`: takes what can still be read out of a damaged database into a new one.
public struct StoreSalvage {
  private let database: String
  private let target: String

  /// The damaged store stays as it is; `target` must not be there yet.
  public init(database: String, into target: String) {
    self.database = database
    self.target = target
  }

  /// - Returns: what was saved and what was lost, a sentence each.
  /// - Throws: `UsageError` where the new file is there already; `StoreError` where the damaged one cannot even be
  ///   opened or the new one cannot be written.
  public func run() throws -> [String] {
    guard !FileManager.default.fileExists(atPath: target) else {
      throw UsageError("--salvage: \(Shown.text(target, limit: 200)) is there already; name a new file")
    }
    // Before the new file is made: one that cannot be opened has nothing to save.
    let damaged = try DamagedStore(path: database)
    let writer = try StoreWriter(path: target)
    let tables = try writer.salvage(from: damaged)
    try writer.close()
    guard tables.contains(where: { $0.name == "hop" && $0.rows > 0 }) else {
      try FileManager.default.removeItem(atPath: target)
      throw StoreError.corrupt(path: database, detail: "not one hop in it can be read")
    }
    try Correlate(database: target).run(again: .all)
    let name = Shown.text(target, limit: 200)
    let losesKey = tables.contains { $0.name == "hash_key" }
    return tables.filter { $0.name != "hash_key" }.map(StoreSalvage.sentence) + [
      losesKey
        ? "The key that lines are known by is lost: a log that is ingested into \(name) again counts twice."
        : "Ingest the logs into \(name) again to add what was lost; nothing comes twice."
    ]
  }

  private static func sentence(_ table: SalvagedTable) -> String {
    let names = ["hop": "hops", "text": "texts", "source": "sources", "attribute_set": "attribute sets"]
    var text = "\(Quantity.grouped(Int64(table.rows))) \(names[table.name] ?? table.name) saved"
    if table.refused > 0 { text += ", \(Quantity.grouped(Int64(table.refused))) damaged and left out" }
    if table.gaps > 0 { text += ", \(table.gaps) \(table.gaps == 1 ? "stretch" : "stretches") unreadable" }
    return text
  }
}
