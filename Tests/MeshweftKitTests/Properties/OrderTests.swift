import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Links and traces are a function of the set of lines, too: late lines link what is there already.
@Suite struct `Traces do not depend on how their lines came` {
  /// Lines of a set that a run of all tests has time for.
  static let lines = 400

  /// Every set with one seed, the project's own with more.
  static let cases =
    LogSetPlace.all.map { ($0, 11) } + (12...14).map { (.samples, $0) } as [(LogSetPlace, UInt64)]

  @Test(arguments: cases)
  func `byte for byte, in random pieces with correlation in between`(place: LogSetPlace, seed: UInt64) throws
  {
    let set = try place.loadForTest(atMost: Self.lines)
    var random = SplitMix64(seed: seed)
    let mesh = try ScratchMesh()
    for piece in set.inRandomPieces(&random) {
      var options = IngestOptions()
      options.batchRows = random.pick([50, 400, 1 << 16])
      options.correlates = random.pick([true, true, false])
      try mesh.feed(piece.files, as: random.pick([.plain, .gzip]), options)
    }
    #expect(difference(try mesh.export(), try Self.reference(set)) == nil, "seed \(seed)")
  }

  @Test(arguments: LogSetPlace.samples.andLarge(["nat", "faults", "chain", "nat-noid-skew"]))
  func `with the proxies' logs last, or first`(place: LogSetPlace) throws {
    let set = try place.loadForTest(atMost: Self.lines)
    let proxies = set.files.filter { $0.name.contains("cross-network") }
    let others = set.files.filter { !$0.name.contains("cross-network") }
    let reference = try Self.reference(set)
    for order in [others + proxies, proxies + others] {
      let mesh = try ScratchMesh()
      for file in order { try mesh.feed([file], IngestOptions()) }
      #expect(difference(try mesh.export(), reference) == nil)
    }
  }

  /// Time is cut into pieces by the number of hops, so pieces that were correlated are cut anew as more come.
  @Test(arguments: LogSetPlace.samples.andLarge(["nat"]), [21] as [UInt64])
  func `where time is cut into many pieces`(place: LogSetPlace, seed: UInt64) throws {
    let set = try place.load().sampled(to: Checkout.wantsAll ? 6000 : 300)
    var random = SplitMix64(seed: seed)
    let unitHops = Int64.random(in: 10...60, using: &random)
    let mesh = try ScratchMesh()
    for piece in set.inRandomPieces(&random) {
      try mesh.feed(piece.files)
      try Self.correlate(mesh, unitHops)
    }
    let whole = try ScratchMesh()
    try whole.feed(set.files)
    try Self.correlate(whole, unitHops)
    #expect(difference(try mesh.export(), try whole.export()) == nil, "seed \(seed), \(unitHops) hops")
    #expect(try whole.read { try $0.correlatedUnits() }.count > 3)
    #expect(try StoreCheck(database: mesh.database).problems() == [])
  }

  private static func correlate(_ mesh: ScratchMesh, _ unitHops: Int64) throws {
    var correlate = Correlate(database: mesh.database)
    correlate.unitHops = unitHops
    try correlate.run()
  }

  @Test func `and correlating all of them again changes nothing`() throws {
    let set = try LogSetPlace.samples.loadForTest(atMost: Self.lines)
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    let before = try mesh.export()
    try Correlate(database: mesh.database).run(again: .all)
    #expect(difference(try mesh.export(), before) == nil)
  }

  @Test func `and neither does correlating the pieces of a window again`() throws {
    let set = try LogSetPlace.samples.loadForTest(atMost: Self.lines)
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    let before = try mesh.export()
    var correlate = Correlate(database: mesh.database)
    correlate.unitHops = 50
    // Cut anew, and so all of it.
    let all = try correlate.run(again: .none).hops + correlate.run(again: .all).hops
    let cut = try mesh.export()
    var window = TimeWindow()
    window.since = "10s"
    let again = try correlate.run(again: .within(window))
    #expect(again.hops > 0 && again.hops < all)
    #expect(again.notes.count == 1)
    #expect(difference(try mesh.export(), cut) == nil)
    #expect(try Correlate(database: mesh.database).run(again: .all).hops == all)
    #expect(difference(try mesh.export(), before) == nil)
  }

  private static func reference(_ set: LogSet) throws -> [UInt8] {
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    return try mesh.export()
  }
}
