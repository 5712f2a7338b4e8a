import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// The line of a carrier that comes when all others are linked is added to what is stored, where ids and addresses alone
/// decided that. What comes of it must be what all lines make together.
@Suite struct `A late carrier` {
  /// Carriers that are held back, one after the other.
  private static let held = 5

  static let cases =
    LogSetPlace.samples.andLarge(["nat", "faults", "easy", "h2", "chain-propagated", "imbalance"]).map {
      ($0, 41)
    } + LogSetPlace.samples.andLarge(["nat", "h2"]).map { ($0, 46) }
    + (42...44).map { (.samples, $0) } as [(LogSetPlace, UInt64)]

  @Test(arguments: cases)
  func `is linked as if it had come with the others`(place: LogSetPlace, seed: UInt64) throws {
    let set = try place.load().sampled(to: Checkout.wantsAll ? 6000 : 600)
    var random = SplitMix64(seed: seed)
    // Many pieces, or one that has no beginning and no end.
    let unitHops = seed.isMultiple(of: 2) ? 1 << 16 : Int64.random(in: 100...400, using: &random)
    let (rest, late) = Self.holdBack(set, &random)
    let mesh = try ScratchMesh()
    try mesh.feed(rest.files)
    try Self.correlate(mesh, unitHops)
    var added = 0
    for line in late {
      try mesh.feed([line])
      added += try Self.correlate(mesh, unitHops)
    }
    if ["nat", "h2", "imbalance"].contains(place.name) { #expect(added > 0, "seed \(seed)") }
    let whole = try ScratchMesh()
    try whole.feed(set.files)
    try Self.correlate(whole, unitHops)
    #expect(difference(try mesh.export(), try whole.export()) == nil, "seed \(seed), \(unitHops) hops")
    #expect(try mesh.read { try $0.correlatedUnits() } == whole.read { try $0.correlatedUnits() })
    #expect(try StoreCheck(database: mesh.database).problems() == [], "seed \(seed)")
  }

  /// Where one line is missing of a mesh whose ids work, that one is all there is to add.
  @Test func `is linked without the pieces that it lived in`() throws {
    let set = try LogSetPlace.samples.load()
    var random = SplitMix64(seed: 45)
    var alone = 0
    for _ in 0..<Self.held {
      let (rest, late) = Self.holdBack(set, &random, lines: 1)
      let mesh = try ScratchMesh()
      try mesh.feed(rest.files)
      try Self.correlate(mesh, 2000)
      try mesh.feed(late)
      alone += try Self.correlate(mesh, 2000)
      #expect(try StoreCheck(database: mesh.database).problems() == [])
    }
    #expect(alone > 0)
  }

  /// Takes some lines of carriers out of a set.
  private static func holdBack(
    _ set: LogSet, _ random: inout SplitMix64, lines: Int = Self.held
  ) -> (rest: LogSet, late: [LogFile]) {
    var rest = set
    var late: [LogFile] = []
    let proxies = set.files.indices.filter { set.files[$0].name.contains("cross-network") }
    for _ in 0..<lines where !proxies.isEmpty {
      let file = random.pick(proxies)
      let places = rest.files[file].lines.indices.filter { !rest.files[file].lines[$0].isEmpty }
      if places.isEmpty { continue }
      let place = random.pick(places)
      late.append(rest.files[file].keeping { $0 == place })
      rest.files[file] = rest.files[file].keeping { $0 != place }
    }
    return (rest, late)
  }

  /// - Returns: how many pieces a carrier was added to.
  @discardableResult
  private static func correlate(
    _ mesh: ScratchMesh, _ unitHops: Int64
  ) throws -> Int {
    var correlate = Correlate(database: mesh.database)
    correlate.unitHops = unitHops
    return try correlate.run().added
  }
}
