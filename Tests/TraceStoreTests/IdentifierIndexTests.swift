import AccessLog
import Foundation
import GRDB
import TestSupport
import Testing

@testable import TraceStore

/// The index of request and trace ids: packed blocks in runs that are merged.
@Suite struct IdentifierIndexTests {
  private static func entries(_ count: Int, seed: UInt64, keys: Int64 = 1 << 40) -> [IdentifierEntry] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      IdentifierEntry(
        key: Int64.random(in: 0..<keys, using: &random),
        hop: Int64.random(in: 1_799_829_000_000_000_000...1_799_829_100_000_000_000, using: &random))
    }.sorted()
  }

  @Test(arguments: [1, 2, 1000, 40_000], [1, 50, 1 << 40] as [Int64])
  func `what is packed comes back`(count: Int, keys: Int64) {
    let entries = Self.entries(count, seed: UInt64(count), keys: keys)
    let base = entries.map(\.hop).min() ?? 0
    let blocks = IdentifierBlock.pack(entries, base: base)
    #expect(blocks.flatMap { $0.entries(base: base) } == entries)
    #expect(Set(blocks.map(\.firstKey)).count == blocks.count, "a key is in one block only")
  }

  @Test func `blocks of ids that differ fit into a page, and an entry takes less than eleven bytes`() {
    let entries = Self.entries(60_000, seed: 3)
    let blocks = IdentifierBlock.pack(entries, base: entries.map(\.hop).min() ?? 0)
    #expect(blocks.allSatisfy { $0.bytes.count <= 4096 - 100 })
    #expect(blocks.reduce(0) { $0 + $1.bytes.count } < 11 * entries.count)
  }

  @Test(
    arguments: [[0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [5], []] as [[UInt8]]
  )
  func `a damaged block ends where the damage begins`(bytes: [UInt8]) {
    #expect(IdentifierBlock(firstKey: 7, bytes: bytes).entries(base: 1).isEmpty)
  }

  /// Hops with an id each, whose first bits are spread.
  private func hops(_ count: Int) -> [TestHop] {
    (0..<count).map { index in
      let id = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
      return TestHop(
        start: 1_760_000_000_000_000 + Int64(index) * 1000, line: Int64(index + 1),
        requestID: IdentifierRef(form: .uuid, high: id, low: 1, text: .none))
    }
  }

  private func runs(_ store: ScratchStore) throws -> [Int64] {
    var runs: [Int64] = []
    try store.read { reader in
      try reader.rows("SELECT entries FROM identifier_run ORDER BY id", [:]) {
        runs.append($0.integer(0) ?? 0)
      }
    }
    return runs
  }

  @Test(arguments: [1, 7, 64, 300])
  func `every id is found, whatever the batches, and small runs are merged`(batch: Int) throws {
    let store = try ScratchStore()
    let hops = hops(300)
    try store.store(hops, batch: batch)
    let runs = try runs(store)
    #expect(runs.reduce(0, +) == 300)
    #expect(runs.count <= 9, "runs at least halve from one to the next: \(runs)")
    try store.read { reader in
      for (index, hop) in hops.enumerated() {
        let text = IdentifierText.format(high: hop.requestID.high, low: 1, dashes: true)
        let found = try reader.hops(withIdentifier: String(decoding: text, as: UTF8.self))
        #expect(try found.map { try reader.hop(id: $0.hop)?.line } == [Int64(index + 1)])
      }
    }
  }

  @Test func `writers that take turns add to the same runs`() throws {
    let store = try ScratchStore()
    let hops = hops(40)
    for part in 0..<4 { try store.store(Array(hops[part * 10..<part * 10 + 10]), batch: 5) }
    #expect(try runs(store).reduce(0, +) == 40)
    let id = IdentifierText.format(high: hops[39].requestID.high, low: 1, dashes: true)
    #expect(try store.read { try $0.hops(withIdentifier: String(decoding: id, as: UTF8.self)) }.count == 1)
  }

  @Test func `a thousand hops with one id are all found`() throws {
    let store = try ScratchStore()
    let id = IdentifierRef(form: .uuid, high: 0x08dc_43e9_60c8_4f2f, low: 0x910a_b727_172c_e311, text: .none)
    let hops = (0..<1000).map { TestHop(start: 1_760_000_000_000_000 + $0 * 1000, requestID: id) }
    try store.store(hops, batch: 128)
    #expect(try store.read { try $0.hops(withIdentifier: "08dc43e9") }.count == 1000)
  }

  /// Ids that share 28 bits: any eight digits stand for 256 keys, and those lie in several blocks of each run.
  @Test func `a prefix finds what starts with it in every block of every run, and nothing else`() throws {
    let store = try ScratchStore()
    var random = SplitMix64(seed: 28)
    let hops = (0..<6000).map { index in
      TestHop(
        start: 1_760_000_000_000_000 + index * 1000,
        requestID: IdentifierRef(
          form: .uuid, high: 0x08dc_43e0_0000_0000 | UInt64.random(in: 0..<1 << 33, using: &random), low: 2,
          text: .none))
    }
    try store.store(hops, batch: 4000)
    let texts = hops.map {
      String(
        decoding: IdentifierText.format(high: $0.requestID.high, low: 2, dashes: true), as: UTF8.self)
    }
    #expect(try runs(store).count > 1)
    try store.read { reader in
      try reader.rows("SELECT count(*) FROM identifier_block", [:]) { #expect($0.number(0) > 6) }
      for prefix in [
        "08dc43e0", "08dc43e1", "08dc43e07", "08dc43e0f", "08dc43e100", "08dc43e0-a3", "08dc43e0-b7c",
      ] {
        let found = try reader.hops(withIdentifier: prefix).map(\.identifier)
        #expect(
          found == texts.filter { $0.starts(with: prefix) || $0.filter { $0 != "-" }.starts(with: prefix) })
      }
      #expect(try reader.hops(withIdentifier: "08dc43e2").isEmpty)
      #expect(try reader.hops(withIdentifier: texts[17]).map(\.identifier) == [texts[17]])
    }
  }

  @Test func `pruned hops leave the index`() throws {
    let store = try ScratchStore()
    try store.store(hops(100), batch: 30)
    let writer = try StoreWriter(path: store.path)
    #expect(try writer.prune(endedBefore: 1_760_000_000_100_000, margin: 0) == 51)
    try writer.close()
    #expect(try runs(store).reduce(0, +) == 49)
    #expect(try store.read { try $0.problems() } == [])
  }

  @Test func `a writer that pruned goes on with the runs as they are now`() throws {
    let store = try ScratchStore()
    try store.store(hops(100), batch: 100)
    let writer = try StoreWriter(path: store.path)
    _ = try writer.prune(endedBefore: 1_760_000_000_100_000, margin: 0)
    try append(hops(300).suffix(200), to: writer)
    try expectEveryID(of: 51..<300, in: store)
  }

  /// The first hop was taken at first, and is the smallest of the run until the new store refuses it.
  @Test func `a writer that salvaged goes on with the runs as they are now`() throws {
    let damaged = try ScratchStore()
    try damaged.store(hops(100), batch: 100)
    let queue = try DatabaseQueue(path: damaged.path)
    try queue.write { db in
      try db.execute(
        sql: """
          PRAGMA writable_schema = ON;
          UPDATE sqlite_schema SET sql = replace(sql, 'line INTEGER NOT NULL', 'line INTEGER') WHERE name = 'hop';
          PRAGMA writable_schema = RESET;
          """)
    }
    try queue.close()
    let again = try DatabaseQueue(path: damaged.path)
    try again.write { try $0.execute(sql: "UPDATE hop SET line = NULL WHERE id = (SELECT min(id) FROM hop)") }
    try again.close()
    let store = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    let tables = try writer.salvage(from: DamagedStore(path: damaged.path))
    #expect(tables.first { $0.name == "hop" } == SalvagedTable(name: "hop", rows: 99, refused: 1))
    try append(hops(300).suffix(200), to: writer)
    try expectEveryID(of: 1..<300, in: store)
  }

  private func append(_ hops: some Sequence<TestHop>, to writer: StoreWriter) throws {
    var builder = BatchBuilder()
    var tables = IngestTables()
    for hop in hops { builder.add(hop) }
    _ = try writer.append(builder.take(), &tables)
    try writer.close()
  }

  /// Each of `hops(300)` that is in the range is found by its id, and by nothing else.
  private func expectEveryID(of range: Range<Int>, in store: ScratchStore) throws {
    #expect(try store.read { try $0.brokenInvariants() } == [])
    try store.read { reader in
      let hops = hops(300)
      for index in range {
        let text = IdentifierText.format(high: hops[index].requestID.high, low: 1, dashes: true)
        let found = try reader.hops(withIdentifier: String(decoding: text, as: UTF8.self))
        #expect(try found.map { try reader.hop(id: $0.hop)?.line } == [Int64(index + 1)])
      }
    }
  }

  @Test func `a damaged index is noticed`() throws {
    let store = try ScratchStore()
    try store.store(hops(100))
    #expect(try store.read { try $0.brokenInvariants() } == [])
    let connection = try StoreConnection.writing(store.path, StoreOptions(), steps: Schema.steps)
    try connection.access { db in
      try db.execute(sql: "UPDATE identifier_block SET entries = substr(entries, 1, length(entries) - 3)")
    }
    try connection.close()
    #expect(try store.read { try $0.brokenInvariants() } == ["run 1 of the index of ids is damaged"])
  }

  /// Keys that wrap around: a run that is merged with it must not end the program.
  @Test func `ids behind a damaged block are refused, not taken for what they are not`() throws {
    let store = try ScratchStore()
    try store.store(hops(100))
    let connection = try StoreConnection.writing(store.path, StoreOptions(), steps: Schema.steps)
    let far = "80808080808080804001"
    try connection.access { db in
      try db.execute(sql: "UPDATE identifier_block SET entries = x'\(far)\(far)\(far)'")
    }
    try connection.close()
    do {
      try store.store(hops(200))
      Issue.record("the damage was not noticed")
    } catch StoreError.corrupt(_, let detail) {
      #expect(detail.contains("out of order"))
    }
  }
}
