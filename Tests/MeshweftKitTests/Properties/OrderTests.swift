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
    for piece in Self.pieces(of: set, &random) {
      var options = IngestOptions()
      options.batchRows = random.pick([50, 400, 1 << 16])
      options.correlates = random.pick([true, true, false])
      try mesh.feed(piece.files, as: random.pick([.plain, .gzip]), options)
    }
    #expect(Self.difference(try mesh.export(), try Self.reference(set)) == nil, "seed \(seed)")
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
      #expect(Self.difference(try mesh.export(), reference) == nil)
    }
  }

  /// Time is cut into pieces by the number of hops, so pieces that were correlated are cut anew as more come.
  @Test(arguments: LogSetPlace.samples.andLarge(["nat"]), [21] as [UInt64])
  func `where time is cut into many pieces`(place: LogSetPlace, seed: UInt64) throws {
    let set = try place.load().sampled(to: Checkout.wantsAll ? 6000 : 300)
    var random = SplitMix64(seed: seed)
    let unitHops = Int64.random(in: 10...60, using: &random)
    let mesh = try ScratchMesh()
    for piece in Self.pieces(of: set, &random) {
      try mesh.feed(piece.files)
      try Self.correlate(mesh, unitHops)
    }
    let whole = try ScratchMesh()
    try whole.feed(set.files)
    try Self.correlate(whole, unitHops)
    #expect(Self.difference(try mesh.export(), try whole.export()) == nil, "seed \(seed), \(unitHops) hops")
    #expect(try whole.read { try $0.correlatedUnits() }.count > 3)
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
    #expect(Self.difference(try mesh.export(), before) == nil)
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
    #expect(Self.difference(try mesh.export(), cut) == nil)
    #expect(try Correlate(database: mesh.database).run(again: .all).hops == all)
    #expect(Self.difference(try mesh.export(), before) == nil)
  }

  private static func reference(_ set: LogSet) throws -> [UInt8] {
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    return try mesh.export()
  }

  /// The set in random pieces: by file, by stretches of lines, or line by line. Every line is in one piece at least.
  private static func pieces(of set: LogSet, _ random: inout SplitMix64) -> [LogSet] {
    let count = Int.random(in: 2...4, using: &random)
    let grain = random.pick([1, 20, Int.max])
    let homes = set.files.map { file in
      let stretches = file.lines.count / grain + 1
      return (0..<stretches).map { _ in Int.random(in: 0..<count, using: &random) }
    }
    return (0..<count).map { piece in
      let files = zip(set.files, homes).map { file, homes in file.keeping { homes[$0 / grain] == piece } }
      return LogSet(name: set.name, files: files.shuffled(using: &random))
    }
  }

  /// The first lines that are not equal, cut short; nil where there are none.
  private static func difference(_ left: [UInt8], _ right: [UInt8]) -> String? {
    guard left != right else { return nil }
    let (left, right) = (left.split(separator: 0x0A), right.split(separator: 0x0A))
    let index = zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    guard let index else { return "\(left.count) and \(right.count) traces" }
    return [left, right].map { String(decoding: $0[index].prefix(2000), as: UTF8.self) }.joined(
      separator: "\n")
  }
}
