import Foundation
import GRDB
import TestSupport
import Testing

@testable import TraceStore

@Suite struct `Salvage` {
  private static let log = IdentityTests.log(3000)
  /// Hops of it: some of its lines are the same.
  private static let count = Result { try ScratchStore().store(log).stored }

  /// A damaged copy of a store, and what can be taken out of it.
  private struct Case {
    let damaged: ScratchStore
    let saved: ScratchStore

    init(_ damage: (inout [UInt8]) -> Void) throws {
      let sound = try ScratchStore()
      try sound.store(`Salvage`.log)
      damaged = try ScratchStore()
      saved = try ScratchStore()
      var bytes = Array(try Data(contentsOf: URL(filePath: sound.path)))
      damage(&bytes)
      try Data(bytes).write(to: URL(filePath: damaged.path))
    }

    func run() throws -> [SalvagedTable] {
      let before = try Data(contentsOf: URL(filePath: damaged.path))
      let writer = try StoreWriter(path: saved.path)
      let tables = try writer.salvage(from: DamagedStore(path: damaged.path))
      try writer.close()
      #expect(try Data(contentsOf: URL(filePath: damaged.path)) == before)
      #expect(try saved.read { try $0.problems() } == [])
      return tables
    }

    func dump() throws -> String { try saved.read { try $0.canonicalDump() } }
  }

  private static let reference = Result {
    let sound = try ScratchStore()
    try sound.store(log)
    return try sound.read { try $0.canonicalDump() }
  }

  @Test func `of a sound store takes all of it, and every id is found`() throws {
    let test = try Case { _ in }
    let tables = try test.run()
    #expect(tables.allSatisfy { $0.gaps == 0 && $0.refused == 0 })
    #expect(tables.first { $0.name == "hop" }?.rows == (try Self.count.get()))
    #expect(try test.dump() == Self.reference.get())
    let ids = try test.saved.read { try $0.hops() }.prefix(200).compactMap(\.requestID)
    for id in ids { #expect(try test.saved.read { try $0.hops(withIdentifier: id) }.isEmpty == false) }
    #expect(try test.saved.read { try $0.isPending() })
  }

  /// A page of zeros here and there: what stands on the others is saved, and the log again adds the rest.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `passes over pages that cannot be read, and the log adds the rest`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let test = try Case { bytes in
      for _ in 0..<4 {
        let page = Int.random(in: 30..<bytes.count / 4096, using: &random)
        for place in page * 4096..<(page + 1) * 4096 { bytes[place] = 0 }
      }
    }
    let hops = try #require(try test.run().first { $0.name == "hop" })
    let count = try Self.count.get()
    #expect(hops.rows <= count)
    // A page holds some sixty hops, or texts and sets of many more.
    #expect(hops.rows > count / 2, "seed \(seed)")
    let saved = Set(try test.dump().split(separator: "\n"))
    let whole = Set(try Self.reference.get().split(separator: "\n"))
    // Texts can be lost, hops cannot be made up.
    #expect(saved.count <= whole.count)
    let again = try test.saved.store(Self.log)
    #expect(again.stored == count - hops.rows)
    #expect(again.stored + again.duplicate == Self.log.count)
  }

  @Test(arguments: [11, 12, 13, 14, 15, 16, 17, 18] as [UInt64])
  func `of random damage makes a sound store or says that there is nothing`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let test = try Case { bytes in
      for _ in 0..<200 {
        bytes[Int.random(in: 100..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
    }
    do throws(StoreError) {
      _ = try DamagedStore(path: test.damaged.path)
    } catch {
      guard case .corrupt = error else {
        Issue.record("\(error)")
        return
      }
      return
    }
    // The key of its hashes is named where it is lost.
    let tables = try test.run().filter { $0.name != "hash_key" }
    #expect(
      Set(tables.map(\.name)).isSuperset(of: ["text", "source", "told_source", "attribute_set", "hop"]))
    try test.saved.store(Self.log)
    #expect(try test.saved.read { try $0.hops() }.count >= Self.count.get())
  }

  /// A hop under another key would be one that the logs do not have, and its own line would add it once more.
  @Test func `leaves out a hop whose key was changed, and the log adds it again`() throws {
    var key: Int64 = 0
    let sound = try ScratchStore()
    try sound.store(Self.log)
    try sound.read { reader in
      try reader.rows("SELECT id FROM hop ORDER BY id LIMIT 1 OFFSET 1500", [:]) { key = $0.integer(0) ?? 0 }
    }
    // Nine bytes, as all keys of our time: seven bits in each of eight, the last eight in the ninth.
    let varint = (0..<8).map { UInt8(truncatingIfNeeded: key >> (8 + 7 * (7 - Int64($0)))) | 0x80 }
    let bytes = varint + [UInt8(truncatingIfNeeded: key)]
    var changed = 0
    let test = try Case { file in
      for place in file.indices.dropLast(9)
      where file[place] == bytes[0] && file[place..<place + 9].elementsEqual(bytes) {
        file[place] ^= 0x04
        changed += 1
      }
    }
    #expect(changed > 0)
    let count = try Self.count.get()
    let hops = try #require(try test.run().first { $0.name == "hop" })
    #expect(hops.rows == count - 1)
    #expect(try test.saved.store(Self.log).stored == 1)
    #expect(try test.saved.read { try $0.hops() }.count == count)
  }

  /// Of two texts with one key the salvage cannot know which is right: both go, and so does what refers to them.
  @Test func `leaves out texts whose keys contradict each other, and what refers to them`() throws {
    // A record of the table `text`: header, no key, four bytes of hash, three letters.
    let header: [UInt8] = [4, 0, 4, 13 + 2 * 3]
    var changed = 0
    let test = try Case { file in
      for place in file.indices.dropFirst().dropLast(11)
      where file[place] == header[0] && file[place..<place + 4].elementsEqual(header)
        && file[place + 8..<place + 11].elementsEqual(Array("GET".utf8))
      {
        // Its key, behind the length of the record, becomes that of the next one.
        file[place - 1] += 1
        changed += 1
      }
    }
    #expect(changed == 1)
    let tables = try test.run()
    #expect(try #require(tables.first { $0.name == "text" }).refused > 0)
    #expect(try test.saved.read { try $0.hops() }.count == Self.count.get())
  }

  @Test func `leaves out a text whose hash is another, and keeps the hop`() throws {
    let test = try Case { _ in }
    let queue = try DatabaseQueue(path: test.damaged.path)
    try queue.write { db in
      try db.execute(sql: "UPDATE text SET text = 'forged' WHERE id = (SELECT min(id) FROM text)")
    }
    try queue.close()
    let tables = try test.run()
    #expect(tables.first { $0.name == "text" }?.refused == 1)
    #expect(!(try test.dump().contains("forged")))
  }

  @Test func `leaves out attributes whose hash is another, and the hops that had them`() throws {
    let test = try Case { _ in }
    let queue = try DatabaseQueue(path: test.damaged.path)
    let lost = try queue.write { db in
      try db.execute(
        sql: "UPDATE attribute_set SET response_code = 599 WHERE id = (SELECT min(attributes) FROM hop)")
      return try Int.fetchOne(
        db, sql: "SELECT count(*) FROM hop WHERE attributes = (SELECT min(attributes) FROM hop)")
    }
    try queue.close()
    let tables = try test.run()
    #expect(tables.first { $0.name == "attribute_set" }?.refused == 1)
    let hops = try test.saved.read { try $0.hops() }
    #expect(!hops.contains { $0.responseCode == 599 })
    #expect(try hops.count == Self.count.get() - #require(lost))
  }
}

@Suite struct `The file of a store` {
  @Test func `is looked for where a link leads, and so is its log`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    let link = store.folder.appendingPathComponent("link.db").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: store.path)
    #expect(!StoreFile(path: link).hasWriteAheadLog)
    try Data("x".utf8).write(to: URL(filePath: store.path + "-wal"))
    #expect(StoreFile(path: link).hasWriteAheadLog)
  }

  @Test func `is no folder, no device and not without a name`() throws {
    let store = try ScratchStore()
    for path in [store.folder.path, "/dev/null", ""] {
      #expect(throws: StoreError.notAFile(path: path)) { _ = try StoreWriter(path: path) }
    }
  }
}

@Suite struct `A statement of a user's` {
  private func run(_ sql: String) throws -> StoreError? {
    let store = try ScratchStore()
    try store.store([TestHop()])
    do {
      _ = try store.read {
        try $0.run(sql: sql, [:]) { _ in
        } _: { _ in
        }
      }
    } catch let error as StoreError {
      return error
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder.path) == ["meshweft.db"])
    return nil
  }

  @Test(arguments: [
    "DELETE FROM hop", "INSERT INTO pending VALUES (1, 2, 3, 0, NULL)", "PRAGMA journal_mode = DELETE",
    "VACUUM",
    "ATTACH DATABASE 'made.db' AS made", "SELECT 1; DELETE FROM hop", "SELECT 1; nonsense", "", "-- nothing",
    "DROP TABLE hop", "CREATE TEMP TABLE t (x)", "SELECT load_extension('x')",
  ])
  func `that does more than read, or is none, is refused`(sql: String) throws {
    #expect(try run(sql) != nil)
    #expect(!FileManager.default.fileExists(atPath: "made.db"))
  }

  @Test(arguments: [
    "SELECT count(*) FROM hop", "SELECT 1;", "SELECT 1; -- and no more\n", "/* first */ SELECT 1",
  ])
  func `that reads is run`(sql: String) throws {
    #expect(try run(sql) == nil)
  }
}
