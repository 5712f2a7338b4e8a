import Testing

@testable import MeshweftKit

@Suite struct `A bag of keys` {
  @Test(arguments: [0, 1, 15, 16, 17, 1000], [1, 3, 16, 500])
  func `counts each once, whatever comes in between`(count: Int, distinct: Int) {
    var bag = KeyBag()
    var set: Set<UInt64> = []
    for step in 0..<count {
      let key = UInt64(step &* 7919 % distinct) &* 0x9E37_79B9_7F4A_7C15
      bag.add(key)
      set.insert(key)
    }
    #expect(bag.sorted() == set.sorted())
  }
}
