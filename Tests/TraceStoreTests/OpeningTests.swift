import AccessLog
import Correlation
import Foundation
import GRDB
import TestSupport
import Testing

@testable import TraceStore

@Suite struct OpeningTests {
  private func bytes(_ store: ScratchStore) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: store.folder.path) {
      files[name] = try Data(contentsOf: store.folder.appendingPathComponent(name))
    }
    return files
  }

  /// Runs SQL by another program's hands.
  private func edit(_ store: ScratchStore, _ sql: String) throws {
    let queue = try DatabaseQueue(path: store.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  private func error(_ body: () throws -> Void) -> StoreError? {
    do { try body() } catch { return error as? StoreError }
    return nil
  }

  /// Tries both ways to open; both must refuse, and no byte of the folder may change.
  private func refused(_ store: ScratchStore) throws -> [StoreError?] {
    let before = try bytes(store)
    let errors = [
      error { _ = try StoreWriter(path: store.path) }, error { _ = try StoreReader(path: store.path) },
    ]
    #expect(try bytes(store) == before)
    return errors
  }

  @Test func `a file that is not a database is refused untouched`() throws {
    for content in ["hello", String(repeating: "x", count: 5000), "SQLite format 3"] {
      let store = try ScratchStore()
      try Data(content.utf8).write(to: URL(fileURLWithPath: store.path))
      let expected = StoreError.notADatabase(path: store.path)
      #expect(try refused(store) == [expected, expected])
    }
  }

  @Test(arguments: [
    "PRAGMA application_id = 77; CREATE TABLE t (x)", "CREATE TABLE t (x)", "PRAGMA user_version = 1",
  ])
  func `another program's database is refused untouched`(sql: String) throws {
    let store = try ScratchStore()
    try edit(store, sql)
    for error in try refused(store) {
      guard case .foreign = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func `a newer schema is refused untouched`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    try edit(store, "PRAGMA user_version = 99")
    let expected = StoreError.newer(path: store.path, found: 99, known: StoreVersion.current)
    #expect(try refused(store) == [expected, expected])
  }

  @Test func `a schema from before the first release is refused untouched`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    try edit(store, "PRAGMA user_version = 1")
    let expected = StoreError.unreleased(path: store.path, found: 1)
    #expect(try refused(store) == [expected, expected])
  }

  @Test func `an empty file becomes a store`() throws {
    let store = try ScratchStore()
    try Data().write(to: URL(fileURLWithPath: store.path))
    #expect(try store.store([TestHop()]).stored == 1)
  }

  @Test func `a missing file is not made by a reader`() throws {
    let store = try ScratchStore()
    #expect(error { _ = try StoreReader(path: store.path) } == .missing(path: store.path))
    #expect(try bytes(store).isEmpty)
  }

  @Test func `closing leaves one file, which names its owner in its header`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    _ = try store.read { try $0.hops() }
    let files = try bytes(store)
    #expect(files.keys.sorted() == ["meshweft.db"])
    #expect(files["meshweft.db"]?[68..<72] == Data("MWft".utf8))
    try edit(store, "PRAGMA journal_mode = WAL")
  }

  @Test func `steps are run from the version that is there, and data stays`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    let dump = try store.read { try $0.canonicalDump() }
    let step = Schema.Step(version: StoreVersion.current + 1, sql: "ALTER TABLE source ADD COLUMN note TEXT;")
    let connection = try StoreConnection.writing(store.path, StoreOptions(), steps: Schema.steps + [step])
    let version = try connection.access { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    #expect(version == StoreVersion.current + 1)
    #expect(try StoreReader(connection).canonicalDump() == dump)
    try connection.close()
    #expect(
      error { _ = try StoreReader(path: store.path) }
        == .newer(path: store.path, found: StoreVersion.current + 1, known: StoreVersion.current))
  }

  @Test func `a store of version 3 has what waits, and no piece that is linked as it would be now`() throws {
    let store = try ScratchStore()
    let old = try StoreConnection.writing(
      store.path, StoreOptions(), steps: Schema.steps.filter { $0.version <= 3 })
    try old.access { db in
      try db.execute(sql: "INSERT INTO correlated_unit VALUES (0, 9, 3, 4, 0)")
      try db.execute(sql: "INSERT INTO pending VALUES (1, 5, 6, 1)")
    }
    try old.close()
    try StoreWriter(path: store.path).close()
    #expect(try store.read { try $0.correlatedUnits() }.isEmpty)
    let waiting = PendingRange(id: 1, range: 5...6, isOfConnections: true, hop: nil)
    #expect(try store.read { try $0.pendingWork() }.ranges == [waiting])
  }

  @Test func `the version is that of the last step`() {
    #expect(Schema.steps.map(\.version) == Array(StoreVersion.oldest...StoreVersion.current))
  }

  @Test func `a step that fails leaves the version that was there`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    let step = Schema.Step(
      version: StoreVersion.current + 1, sql: "CREATE TABLE extra (x); CREATE TABLE hop (x);")
    #expect(throws: StoreError.self) {
      try StoreConnection.writing(store.path, StoreOptions(), steps: Schema.steps + [step])
    }
    #expect(try store.read { try $0.hops() }.count == 1)
    try store.read { reader in
      try reader.rows("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'", [:]) {
        #expect($0.integer(0) == 0, "a part of the step is there")
      }
    }
  }

  @Test func `damaged pages are reported and never crash`() throws {
    let store = try ScratchStore()
    try store.store(IdentityTests.log())
    let sound = try Data(contentsOf: URL(fileURLWithPath: store.path))
    var random = SplitMix64(seed: 11)
    for _ in 0..<25 {
      var damaged = sound
      for _ in 0..<40 {
        damaged[Int.random(in: 100..<sound.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      try damaged.write(to: URL(fileURLWithPath: store.path))
      _ = try? store.read { reader in
        _ = try? reader.problems()
        _ = try? reader.canonicalDump()
        _ = try? reader.loadHops()
        try? reader.forEachTrace { _ in }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: store.path)) == damaged)
    }
  }

  @Test func `names tables hold what the types hold`() throws {
    let store = try ScratchStore()
    try store.store([])
    _ = try StoreWriter(path: store.path).close()
    let connection = try StoreConnection.reading(store.path, StoreOptions())
    let expected: [(table: String, names: [String])] = [
      ("response_flag", ResponseFlags.names.map { "\($0.short)" }), ("anomaly", Anomalies.names.map(\.1)),
      ("evidence", Evidence.names.map(\.1)), ("role", Role.allCases.map(\.name)),
      ("carrier_status", (0..<5).compactMap { CarrierStatus(rawValue: $0)?.name }),
    ]
    for (table, names) in expected {
      let stored = try connection.access { try String.fetchAll($0, sql: "SELECT name FROM \(table)") }
      #expect(Set(stored) == Set(names), "a name that is new needs a schema step")
    }
    try connection.close()
  }
}
