import AccessLog
import Correlation
import Foundation
import GRDB
import TestSupport
import Testing

@testable import TraceStore

@Suite struct IdentityTests {
  /// 400 hops over four sources, some at the same millisecond, some identical, some odd.
  static func log(_ count: Int = 400, seed: UInt64 = 7) -> [TestHop] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { index in
      var hop = TestHop(start: 1_760_000_000_000_000 + Int64(index / 3) * 1000, line: Int64(index / 4 + 1))
      hop.source = "ack\(index % 2).default.pod-\(index % 4).istio-proxy.log"
      hop.path = "/item/\(random.next() % 40)"
      hop.duration = Int64(random.next() % 90) * 1000
      if index % 50 == 0 { hop.start = 253_402_300_799_000_000 }
      if index % 3 == 0 {
        hop.requestID = IdentifierRef(form: .uuid, high: random.next(), low: 1, text: .none)
      }
      return hop
    }
  }

  @Test func `the same log again adds nothing`() throws {
    let store = try ScratchStore()
    let first = try store.store(Self.log(), batch: 64)
    let dump = try store.read { try $0.canonicalDump() }
    let again = try store.store(Self.log(), batch: 50)
    #expect(first.stored == 400 && again.stored == 0 && again.duplicate == 400)
    #expect(try store.read { try $0.canonicalDump() } == dump)
  }

  @Test(arguments: [1, 3, 33, 64, 400], [1, 2, 3] as [UInt64])
  func `batches, order and repetition do not matter`(batch: Int, seed: UInt64) throws {
    let reference = try ScratchStore()
    try reference.store(Self.log())
    var random = SplitMix64(seed: seed)
    let shuffled = (Self.log() + Self.log().prefix(150)).shuffled(using: &random)
    let store = try ScratchStore()
    let counts = try store.store(shuffled, batch: batch)
    #expect(counts.stored == 400 && counts.duplicate == 150)
    #expect(try store.read { try $0.canonicalDump() } == reference.read { try $0.canonicalDump() })
    let left = try store.read { try $0.loadHops() }
    let right = try reference.read { try $0.loadHops() }
    #expect(left.podSources.count == right.podSources.count && left.services == right.services)
    // Keys of content hold within one database: which hops share one must be the same.
    let facts = { (hops: LoadedHops) in
      let contents = Self.firstPlaces(hops.hops.map(\.content))
      let routes = Self.firstPlaces(hops.hops.map(\.route))
      return hops.hops.enumerated().map { place, hop in
        "\(hop.start) \(hop.pod) \(hop.workload) \(contents[place]) \(routes[place]) \(hop.requestID)"
      }
    }
    #expect(facts(left) == facts(right))
  }

  /// For each value the place where it came first.
  private static func firstPlaces(_ values: [UInt64]) -> [Int] {
    var places: [UInt64: Int] = [:]
    for (place, value) in values.enumerated() where places[value] == nil { places[value] = place }
    return values.compactMap { places[$0] }
  }

  @Test func `counts are kept per source`() throws {
    let store = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    var builder = BatchBuilder()
    var tables = IngestTables()
    for hop in Self.log() + Self.log().prefix(8) { builder.add(hop) }
    let result = try writer.append(builder.take(), &tables)
    #expect(result.sources.map(\.stored) == [100, 100, 100, 100])
    #expect(result.sources.map(\.duplicate) == [2, 2, 2, 2])
    try writer.close()
  }

  @Test func `a hop keeps the largest line number under which it was seen`() throws {
    for order in [[3, 9, 5], [9, 5, 3], [3, 5, 9]] as [[Int64]] {
      let store = try ScratchStore()
      for line in order { try store.store([TestHop(line: line)]) }
      #expect(try store.read { try $0.hops() }.map(\.line) == [9])
    }
  }

  @Test func `hops that want the same key are all stored, with exact times, and found again`() throws {
    let store = try ScratchStore()
    let hops = (0..<200).map { index in
      TestHop(identity: (high: UInt64(index), low: 77), line: Int64(index + 1))
    }
    let first = try store.store(hops, batch: 64)
    #expect(first.stored == 200 && first.collisions > 0)
    #expect(try store.store(hops.reversed(), batch: 9).duplicate == 200)
    let found = try store.read { try $0.hops() }
    #expect(Set(found.map(\.startMicroseconds)) == [TestHop().start])
    #expect(found.map(\.line).sorted() == Array(1...200))
  }

  @Test func `keys at the last millisecond never wrap`() throws {
    let store = try ScratchStore()
    let hops = (0..<100).map { index in
      TestHop(
        start: 253_402_300_799_000_000, identity: (high: UInt64(index) << 20, low: 5), line: Int64(index + 1))
    }
    #expect(try store.store(hops).stored == 100)
    #expect(try store.store(hops).duplicate == 100)
    let found = try store.read { try $0.hops() }
    #expect(Set(found.map(\.startMicroseconds)) == [253_402_300_799_000_000])
    #expect(found.allSatisfy { $0.id > 0 })
  }

  @Test(arguments: [0, 1, 12345, 1 << 40, HopKey.lastMillisecond - 1, HopKey.lastMillisecond] as [Int64])
  func `probes stay in order of distance and among the keys`(millisecond: Int64) {
    let first = millisecond << HopKey.hashBits | 99
    let keys = (1...64).map { HopKey.probe(first, check: 0x1234, attempt: $0) }
    #expect(Set(keys).count == 64 && keys.allSatisfy { $0 >= 0 })
    #expect(keys.prefix(7).allSatisfy { $0 >> HopKey.hashBits == millisecond })
  }
}

extension IdentityTests {
  @Test func `texts behind the largest id that there can be are refused`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { database in
      try database.execute(
        sql: "INSERT INTO text (id, hash, text) VALUES (9223372036854775807, 0, 'damage')")
    }
    try queue.close()
    // More of them than go in with one statement.
    let hops = (0..<100).map { TestHop(start: TestHop().start + $0 * 1000, path: "/path/\($0)") }
    #expect {
      try store.store(hops)
    } throws: { error in
      if case .corrupt? = error as? StoreError { true } else { false }
    }
    #expect(try store.read { try $0.hops() }.count == 1)
  }
}
