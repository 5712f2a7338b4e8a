import TestSupport
import Testing

@testable import MeshweftKit

@Suite struct `Keys of connections` {
  /// Zero among them.
  private static func keys(_ count: Int, below limit: UInt64, seed: UInt64) -> [UInt64] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in random.next() % limit }
  }

  @Test(arguments: [1, 3, 4, 5, 1500, 5000])
  func `a set says of each whether it was there, as full as it may be`(limit: Int) {
    let keys = Self.keys(5000, below: UInt64(limit), seed: UInt64(limit))
    var set = KeySet(capacity: limit)
    var known: Set<UInt64> = []
    for key in keys {
      #expect(set.insert(key) == known.insert(key).inserted)
      #expect(set.count == known.count)
    }
  }

  @Test func `are counted once, whenever they were told apart`() {
    let keys = Self.keys(50_000, below: 9000, seed: 5)
    var list = ConnectionKeys()
    for (number, key) in keys.enumerated() {
      list.append(key)
      if number % 100 == 0 { list.settleIfDoubled() }
      if number == 20_000 { #expect(list.count() == Set(keys[...number]).count) }
    }
    #expect(list.count() == Set(keys).count)
  }

  @Test func `of several lists are counted once`() {
    let parts = [(4000, 3000), (10, 3500), (0, 1), (6000, 9000)].map {
      Self.keys($0.0, below: UInt64($0.1), seed: UInt64($0.1))
    }
    let lists = parts.enumerated().map { number, keys in
      var list = ConnectionKeys(keys)
      if number % 2 == 0 { list.settle() }
      return list
    }
    #expect(ConnectionKeys.count(lists) == Set(parts.joined()).count)
    for (list, keys) in zip(lists, parts) { #expect(ConnectionKeys.count([list]) == Set(keys).count) }
    #expect(ConnectionKeys.count([]) == 0)
  }
}
