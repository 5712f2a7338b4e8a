import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// How much an input tells about who wrote its lines does not matter, as long as it is told once.
@Suite struct `What is stored does not depend on how much each input tells` {
  private static let lines = 200

  /// How a log is fed beside the one time that it is named.
  private enum Telling: CaseIterable {
    /// With flags: some of what there is to tell.
    case pod, podAndNamespace, podAndCluster
    /// Lines of all logs in one stream, each behind its pod's name.
    case prefixes
    /// Lines of all logs in one stream, and nothing else.
    case nothing
  }

  /// Every set with one seed, the project's own with more.
  private static let cases =
    LogSetPlace.all.map { ($0, 1) } + (2...4).map { (.samples, $0) } as [(LogSetPlace, UInt64)]

  @Test(arguments: Self.cases)
  func `any mix of names, flags, streams, orders and batches exports the same bytes`(
    place: LogSetPlace, seed: UInt64
  ) throws {
    let set = try place.loadForTest(atMost: Self.lines)
    var random = SplitMix64(seed: seed)
    let mesh = try ScratchMesh()
    var feedings: [() throws -> Void] = set.files.map { file in
      let options = options(&random)
      return { try mesh.feed([file], options) }
    }
    for _ in 0..<4 {
      let (telling, options) = (random.pick(Telling.allCases), options(&random))
      let files = set.files.filter { _ in random.pick([true, false]) }.shuffled(using: &random)
      feedings.append { try feed(files, telling, options, to: mesh) }
    }
    for feeding in feedings.shuffled(using: &random) { try feeding() }
    let reference = try ScratchMesh()
    try reference.feed(set.files, IngestOptions())
    #expect(difference(try mesh.export(), try reference.export()) == nil, "seed \(seed)")
    #expect(firstDifference(try mesh.dump(), try reference.dump()) == nil, "seed \(seed)")
    #expect(try StoreCheck(database: mesh.database).problems() == [])
  }

  @Test(arguments: LogSetPlace.all)
  func `lines that nobody names are the same sources in whatever order and batches`(place: LogSetPlace) throws
  {
    let set = try place.loadForTest(atMost: Self.lines)
    var random = SplitMix64(seed: 5)
    var dumps: [[Substring]] = []
    for _ in 0..<3 {
      let mesh = try ScratchMesh()
      let files = set.files.shuffled(using: &random)
      let cut = Int.random(in: 0...files.count, using: &random)
      for part in [files[..<cut], files[cut...]] where !part.isEmpty {
        try feed(Array(part), .nothing, options(&random), to: mesh)
      }
      dumps.append(try mesh.dump(lineNumbers: false))
      let names = try mesh.read { try $0.sources() }.map(\.name)
      #expect(!names.contains("stdin") || names.count > 1, "\(names)")
    }
    #expect(firstDifference(dumps[0], dumps[1]) == nil)
    #expect(firstDifference(dumps[0], dumps[2]) == nil)
  }

  private func options(_ random: inout SplitMix64) -> IngestOptions {
    var options = IngestOptions()
    options.batchRows = random.pick([50, 400, 1 << 16])
    options.correlates = random.pick([true, true, false])
    return options
  }

  private func feed(
    _ files: [LogFile], _ telling: Telling, _ options: IngestOptions, to mesh: ScratchMesh
  ) throws {
    switch telling {
    case .nothing: try mesh.feed(stream: files.flatMap(\.lines), options)
    case .prefixes: try mesh.feed(stream: interleaved(files), options)
    case .pod, .podAndNamespace, .podAndCluster:
      for file in files {
        guard let identity = file.identity else { continue }
        var options = options
        options.pod = identity.pod
        if telling == .podAndNamespace { options.namespace = identity.namespace }
        if telling == .podAndCluster { options.meshCluster = identity.meshCluster }
        try mesh.feed(stream: file.lines, options)
      }
    }
  }

  /// As `kubectl logs --prefix` mixes pods: some lines of each by turns.
  private func interleaved(_ files: [LogFile]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var place = 0
    while lines.count < files.reduce(0, { $0 + $1.lines.count }) {
      for file in files {
        guard let identity = file.identity else { continue }
        let prefix = Array("[pod/\(identity.pod)/\(identity.container)] ".utf8)
        lines += file.lines.dropFirst(place).prefix(7).map { prefix + $0 }
      }
      place += 7
      if files.allSatisfy({ $0.lines.count <= place }) { break }
    }
    return lines
  }
}
