import Queries
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

@Suite struct `The slowest traces` {
  /// Every trace's foremost rank, by reading all hops: what the quick way must find, too.
  private static func ranks(_ reader: StoreReader, border: Bool) throws -> [Int64: Int64] {
    var ranks: [Int64: Int64] = [:]
    try reader.run(.tracesRanked, border ? ["border": .integer(1)] : [:]) { row in
      let (root, rank) = (row.integer(0) ?? 0, row.integer(2) ?? 0)
      ranks[root] = max(ranks[root] ?? rank, rank)
    }
    return ranks
  }

  private static func roots(
    _ reader: StoreReader, _ count: Int, border: Bool, _ filter: SlowAttempts.Filter = .init()
  ) throws -> [Int64] {
    let table = try LegTable(reader, service: filter.service, window: filter.window)
    return try SlowAttempts(reader, table, border ? .costliest : .slowest, filter).roots(count)
  }

  @Test(arguments: LogSetPlace.samples.andLarge(["chain", "h2", "imbalance"]), [false, true])
  func `are those that a search through every hop finds`(place: LogSetPlace, border: Bool) throws {
    let mesh = try ScratchMesh()
    try mesh.feed(try place.loadForTest(atMost: 6000).files, IngestOptions())
    try mesh.read { reader in
      let ranks = try Self.ranks(reader, border: border)
      let sorted = ranks.values.sorted(by: >)
      for count in [1, 5, 20, 50, 500] {
        let found = try Self.roots(reader, count, border: border)
        #expect(Set(found).count == found.count)
        #expect(found.map { ranks[$0] ?? -1 } == Array(sorted.prefix(count)))
      }
    }
  }

  @Test func `of a window are those that began in it`() throws {
    let mesh = try ScratchMesh()
    try mesh.feed(try LogSetPlace.samples.load().files, IngestOptions())
    try mesh.read { reader in
      let newest = try #require(try reader.newestStart())
      var filter = SlowAttempts.Filter()
      (filter.since, filter.until) = (newest - 5_000_000, newest - 1_000_000)
      var expected: [Int64: Int64] = [:]
      let window: [String: SQLValue] = [
        "since_us": SQLValue(filter.since), "until_us": SQLValue(filter.until),
      ]
      try reader.run(.tracesRanked, window) { row in
        expected[row.integer(0) ?? 0] = max(expected[row.integer(0) ?? 0] ?? 0, row.integer(2) ?? 0)
      }
      let found = try Self.roots(reader, 30, border: false, filter)
      #expect(found.map { expected[$0] ?? -1 } == Array(expected.values.sorted(by: >).prefix(30)))
    }
  }
}

@Suite struct `The foremost attempts of a row` {
  @Test func `are the same in whatever order they come, and come back as they were kept`() {
    var random = SplitMix64(seed: 11)
    let all = (0..<40).map { (hop: Int64($0) << 20, microseconds: Int64($0 * 7 % 13)) }
    var first: TopAttempts?
    for _ in 0..<20 {
      var top = TopAttempts()
      for attempt in all.shuffled(using: &random) { top.add(attempt.hop, attempt.microseconds) }
      #expect(top.entries == first?.entries ?? top.entries)
      first = top
    }
    let entries = first?.entries ?? []
    #expect(entries.count == TopAttempts.capacity)
    #expect(entries.map(\.microseconds) == [12, 12, 12, 11, 11, 11, 10, 10])
    let bytes = first?.encoded ?? []
    #expect(TopAttempts.entries(bytes.span) == entries)
  }

  @Test func `and of damaged bytes what can be read`() {
    let bytes = [UInt8](repeating: 1, count: 33)
    #expect(TopAttempts.entries(bytes.span).count == 2)
  }
}
