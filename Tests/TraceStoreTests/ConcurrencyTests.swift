import Foundation
import GRDB
import Testing

@testable import TraceStore

@Suite struct ConcurrencyTests {
  @Test func `a second writer waits for a bounded time and says so`() throws {
    let store = try ScratchStore()
    var options = StoreOptions()
    options.busySeconds = 0.3
    let first = try StoreWriter(path: store.path)
    let second = try StoreWriter(path: store.path, options: options)
    try first.begin()
    let start = ContinuousClock.now
    #expect(throws: StoreError.busy(path: store.path, seconds: 0.3)) { try second.begin() }
    let waited = ContinuousClock.now - start
    #expect(waited > .milliseconds(200) && waited < .seconds(3))
    try first.commit()
    try second.begin()
    try second.commit()
    try first.close()
    try second.close()
  }

  @Test func `a writer that has stored something waits longer`() throws {
    let store = try ScratchStore()
    var options = StoreOptions()
    options.busySeconds = 0.1
    options.busySecondsAtWork = 1.2
    let first = try StoreWriter(path: store.path)
    let second = try StoreWriter(path: store.path, options: options)
    try first.begin()
    #expect(throws: StoreError.busy(path: store.path, seconds: 0.1)) { try second.begin() }
    try first.commit()
    try second.begin()
    try second.commit()
    try first.begin()
    let start = ContinuousClock.now
    #expect(throws: StoreError.busy(path: store.path, seconds: 1.2)) { try second.begin() }
    #expect(ContinuousClock.now - start > .seconds(1))
    try first.commit()
    try first.close()
    try second.close()
  }

  @Test func `two writers in turn store the union, and their ids stay findable`() throws {
    let store = try ScratchStore()
    let log = IdentityTests.log()
    let writers = [try StoreWriter(path: store.path), try StoreWriter(path: store.path)]
    var builders = [BatchBuilder(), BatchBuilder()]
    var tables = [IngestTables(), IngestTables()]
    var stored = 0
    for (index, hop) in (log.prefix(250) + log.suffix(250)).enumerated() {
      builders[index % 2].add(hop)
      if index % 20 >= 18 {
        stored += try writers[index % 2].append(builders[index % 2].take(), &tables[index % 2]).stored
      }
    }
    for writer in writers { try writer.close() }
    let reference = try ScratchStore()
    try reference.store(log)
    #expect(stored == 400)
    #expect(try store.read { try $0.canonicalDump() } == reference.read { try $0.canonicalDump() })
    let ids = try store.read { try $0.hops() }.compactMap(\.requestID)
    for id in ids { #expect(try store.read { try $0.hops(withIdentifier: id) }.count == 1) }
  }

  @Test func `a snapshot does not see what is written meanwhile`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    let reader = try StoreReader(path: store.path)
    try reader.snapshot {
      #expect(try reader.hops().count == 1)
      try store.store(IdentityTests.log())
      #expect(try reader.hops().count == 1)
    }
    #expect(try reader.hops().count == 401)
    try reader.close()
  }

  @Test func `readers see whole batches only`() throws {
    let store = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    let reader = try StoreReader(path: store.path)
    var builder = BatchBuilder()
    var tables = IngestTables()
    for (index, hop) in IdentityTests.log().enumerated() {
      builder.add(hop)
      guard (index + 1) % 40 == 0 else { continue }
      try writer.begin()
      _ = try writer.append(builder.take(), &tables)
      #expect(try reader.hops().count == index + 1 - 40)
      try writer.commit()
      #expect(try reader.hops().count == index + 1)
    }
    try reader.close()
    try writer.close()
  }

  @Test func `what was rolled back is gone, and the ingest that did it must start over`() throws {
    let store = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    var builder = BatchBuilder()
    var tables = IngestTables()
    builder.add(TestHop())
    try writer.begin()
    _ = try writer.append(builder.take(), &tables)
    try writer.rollback()
    builder.add(TestHop(line: 2))
    #expect(throws: StoreError.staleTables) { try writer.append(builder.take(), &tables) }
    try writer.close()
    #expect(try store.read { try $0.hops() }.isEmpty)
    #expect(try store.read { try !$0.isPending() })
    #expect(try store.store([TestHop()]).stored == 1)
  }

  @Test func `a full disk is named, and what was committed stays`() throws {
    let store = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    var builder = BatchBuilder()
    var tables = IngestTables()
    builder.add(TestHop())
    _ = try writer.append(builder.take(), &tables)
    try writer.connection.access { try $0.execute(sql: "PRAGMA max_page_count = 60") }
    for hop in IdentityTests.log(20_000) { builder.add(hop) }
    #expect(throws: StoreError.full(path: store.path)) { try writer.append(builder.take(), &tables) }
    try writer.close()
    #expect(try store.read { try $0.hops() }.count == 1)
    #expect(try store.read { try $0.problems() } == [])
  }
}
