import Testing

@testable import TraceStore

@Suite struct `Entries in buckets` {
  private struct Entry: Comparable {
    var key: UInt64
    var place: Int

    static func < (one: Entry, other: Entry) -> Bool { (one.key, one.place) < (other.key, other.place) }
  }

  private static let keys: [(name: String, key: @Sendable (Int) -> UInt64)] = [
    ("spread over all numbers", { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }),
    ("all equal", { _ in 7 }), ("rising", { UInt64($0) }), ("falling", { .max - UInt64($0) }),
    ("nearly all in one bucket", { $0 % 100 == 0 ? .max : UInt64($0) &* 0x9E37_79B9 % 1000 }),
    ("of two values", { $0 % 2 == 0 ? 0 : .max }),
  ]

  @Test(arguments: keys.indices, [0, 1, 2, 3, 17, 1000, 4096])
  func `come out in their order, whatever their keys are`(_ keys: Int, _ count: Int) {
    let entries = (0..<count).map { Entry(key: Self.keys[keys].key($0), place: ($0 * 7919) % max(count, 1)) }
    #expect(BucketSort.sorted(entries, key: \.key) == entries.sorted())
  }
}
