import Dispatch
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Pieces of time are linked while lines still come. What comes of it must be what all lines make together.
@Suite struct `Links that are made early` {
  /// Sets whose many small pieces a run of all tests has time for.
  static let cases =
    LogSetPlace.samples.andLarge(["nat", "chain-propagated", "faults", "hotel-050-us", "imbalance"]).map {
      ($0, 31)
    }
    + (32...36).map { (.samples, $0) } as [(LogSetPlace, UInt64)]

  /// The pieces are taken for settled at any instant, rightly or not, in between feedings of any lines.
  @Test(arguments: cases)
  func `are those of all lines, whatever comes late`(place: LogSetPlace, seed: UInt64) throws {
    let set = try place.load().sampled(to: 300)
    var random = SplitMix64(seed: seed)
    let unitHops = Int64.random(in: 10...60, using: &random)
    let mesh = try ScratchMesh()
    var linked = 0
    try Self.linkEarly(mesh, unitHops) { link in
      for piece in set.inRandomPieces(&random) {
        try mesh.feed(piece.files)
        linked += try link(Int64.random(in: -40_000_000...10_000_000, using: &random))
      }
    }
    var correlate = Correlate(database: mesh.database)
    correlate.unitHops = unitHops
    try correlate.run()
    #expect(linked > 0, "seed \(seed)")
    try Self.expectEqual(mesh, try Self.linkedAtTheEnd(set, unitHops), "seed \(seed), \(unitHops) hops")
  }

  /// Calls `body` with what links the pieces that end so many microseconds before the newest start, and returns how many
  /// there were.
  private static func linkEarly(
    _ mesh: ScratchMesh, _ unitHops: Int64, _ body: ((Int64) throws -> Int) throws -> Void
  ) throws {
    let writer = try StoreWriter(path: mesh.database)
    let reader = try StoreReader(path: mesh.database)
    var pieces = SettledUnits(reader, maximumHops: unitHops)
    var links = UnitWriter(writer)
    try body { age in
      guard let newest = try reader.newestStart() else { return 0 }
      let wanted = try pieces.wanted(before: newest - age)
      for unit in wanted {
        let loaded = try pieces.load(unit)
        try writer.begin()
        try links.write(CorrelatedUnit(loaded))
        try writer.setCorrelated(try links.takeFinished())
        try writer.commit()
      }
      return wanted.count
    }
    try pieces.close()
    try writer.close()
  }

  /// By the ingest itself, in batches of a few lines.
  @Test(arguments: LogSetPlace.samples.andLarge(["nat", "chain", "faults"]))
  func `in an ingest are those of correlation after it`(place: LogSetPlace) throws {
    let set = try place.load().sampled(to: 1000)
    var options = IngestOptions()
    (options.batchRows, options.unitHops) = (20, 40)
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, options)
    try Self.expectEqual(mesh, try Self.linkedAtTheEnd(set, 40), "")
  }

  @Test func `are let go where somebody else has written meanwhile`() throws {
    let set = try LogSetPlace.samples.load().sampled(to: 300)
    let mesh = try ScratchMesh()
    try mesh.feed(set.files)
    let writer = try StoreWriter(path: mesh.database)
    let version = try writer.foreignVersion()
    var pieces = SettledUnits(try StoreReader(path: mesh.database), maximumHops: 50)
    let unit = try #require(try pieces.wanted(before: .max).first)
    let loaded = try pieces.load(unit)
    for isForeign in [true, false] {
      if isForeign { try Correlate(database: mesh.database).run() }
      let queue = BatchQueue<WriterWork>(capacity: 1)
      let committer = Committer(writer: writer, queue: queue, early: nil) { Issue.record($0) }
      committer.start()
      // As if it had been loaded after the other's writing, the second time.
      let known = isForeign ? version : try writer.foreignVersion()
      queue.put(.links(EarlyLinks.Unit(unit: CorrelatedUnit(loaded), version: known)))
      queue.close()
      _ = committer.finish()
      #expect(try mesh.read { try $0.correlatedUnits()[unit] != nil } == !isForeign)
    }
    try pieces.close()
    try writer.close()
  }

  /// What was loaded before somebody else wrote is held for the next piece.
  @Test(arguments: [(7, 7), (7, 8)] as [(Int64, Int64)])
  func `are made no more once somebody else has written`(version: Int64, next: Int64) throws {
    let mesh = try ScratchMesh()
    try mesh.feed(try LogSetPlace.samples.load().sampled(to: 300).files)
    let delivered = DispatchSemaphore(value: 0)
    let early = EarlyLinks(database: mesh.database, maximumHops: 50) { _ in delivered.signal() }
    early.settle(before: .max, version: version)
    early.settle(before: .max, version: next)
    early.start()
    if next == version {
      #expect(delivered.wait(timeout: .now() + 60) == .success)
    } else {
      #expect(delivered.wait(timeout: .now() + 3) == .timedOut)
    }
    early.finish()
  }

  private static func linkedAtTheEnd(_ set: LogSet, _ unitHops: Int64) throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    try mesh.feed(set.files)
    var correlate = Correlate(database: mesh.database)
    correlate.unitHops = unitHops
    try correlate.run()
    return mesh
  }

  private static func expectEqual(_ mesh: ScratchMesh, _ other: ScratchMesh, _ comment: Comment) throws {
    #expect(difference(try mesh.export(), try other.export()) == nil, comment)
    #expect(try mesh.read { try $0.correlatedUnits() } == other.read { try $0.correlatedUnits() }, comment)
    #expect(try mesh.read { try !$0.isPending() })
    let problems = try StoreCheck(database: mesh.database).problems()
    #expect(problems == [], comment)
  }
}
