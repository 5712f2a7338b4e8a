import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// The content of a database is a function of the lines that it was given, not of how they came.
@Suite struct `Nothing is lost and nothing comes twice` {
  /// Lines of a set that a run of all tests has time for.
  static let lines = 600

  /// A set, and what one feeding in whole makes of it.
  struct Case {
    let set: LogSet
    let mesh: ScratchMesh
    let reference: [Substring]
    var random: SplitMix64

    init(_ place: LogSetPlace, seed: UInt64) throws {
      set = try place.loadForTest(atMost: lines)
      mesh = try ScratchMesh()
      let whole = try ScratchMesh()
      try whole.feed(set.files)
      reference = try whole.dump()
      random = SplitMix64(seed: seed)
    }

    var withoutLineNumbers: [Substring] {
      reference.map { line in
        let fields = line.split(separator: "\t").filter { !$0.hasPrefix("line=") }
        return Substring(fields.joined(separator: "\t"))
      }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Logs whose ends, for each pod in them, lie further apart than what tells a log's second beginning from equal
    /// lines (docs/explanation/decisions/0001).
    func logsLongerThanTheGap() throws -> Set<String> {
      let whole = try ScratchMesh()
      try whole.feed(set.files)
      let hops = try whole.read { try $0.hops() }
      let short = Dictionary(grouping: hops, by: { [$0.source, $0.pod] }).filter { _, hops in
        let ends = hops.map { $0.startMicroseconds + max(0, $0.durationMicroseconds ?? 0) }
        return (ends.max() ?? 0) - (ends.min() ?? 0) <= 110_000
      }
      return Set(set.files.map(\.name)).subtracting(short.keys.map { $0[0] })
    }

    /// Options with batches of a random size.
    mutating func options() -> IngestOptions {
      var options = IngestOptions.uncorrelated
      options.batchRows = random.pick([7, 64, 333, 1000, 1 << 16])
      return options
    }
  }

  @Test(arguments: LogSetPlace.all)
  func `in halves, and then in whole for the line numbers`(place: LogSetPlace) throws {
    var test = try Case(place, seed: 1)
    let mesh = test.mesh
    let halves = test.set.files.map { ($0, $0.lines.count / 2) }
    try mesh.feed(halves.map { LogFile(name: $0.name, lines: Array($0.lines[..<$1])) }, test.options())
    try mesh.feed(halves.map { LogFile(name: $0.name, lines: Array($0.lines[$1...])) }, test.options())
    #expect(firstDifference(try mesh.dump(lineNumbers: false), test.withoutLineNumbers) == nil)
    #expect(try mesh.feed(test.set.files, test.options()).counts.stored == 0)
    #expect(firstDifference(try mesh.dump(), test.reference) == nil)
  }

  @Test(arguments: LogSetPlace.all)
  func `doubled within one file, and fed once more`(place: LogSetPlace) throws {
    var test = try Case(place, seed: 2)
    let mesh = test.mesh
    let long = try test.logsLongerThanTheGap()
    let doubled = test.set.files.filter { long.contains($0.name) }
      .map { LogFile(name: $0.name, lines: $0.lines + $0.lines) }
    let summary = try mesh.feed(doubled, as: .members, test.options())
    #expect(summary.counts.duplicate == summary.counts.stored)
    try mesh.feed(test.set.files.filter { !long.contains($0.name) })
    #expect(try mesh.feed(test.set.files, as: .gzip, test.options()).counts.stored == 0)
    #expect(firstDifference(try mesh.dump(lineNumbers: false), test.withoutLineNumbers) == nil)
  }

  @Test(arguments: LogSetPlace.all, [3, 4] as [UInt64])
  func `in overlapping windows, in any order, from files of any form`(place: LogSetPlace, seed: UInt64) throws
  {
    var test = try Case(place, seed: seed)
    let mesh = test.mesh
    var windows: [LogFile] = []
    for file in test.set.files {
      let cuts = [0, Int.random(in: 0...file.lines.count, using: &test.random), file.lines.count].sorted()
      let overlap = Int.random(in: 0...file.lines.count / 4, using: &test.random)
      for (from, to) in zip(cuts, cuts.dropFirst()) {
        windows.append(file.keeping { $0 >= from - overlap && $0 < to + overlap })
      }
    }
    windows.shuffle(using: &test.random)
    let third = windows.count / 3 + 1
    for start in stride(from: 0, to: windows.count, by: third) {
      let part = Array(windows[start..<min(windows.count, start + third)])
      let form = test.random.pick([ScratchMesh.Form.plain, .gzip, .members])
      // One call cannot take two files of one name and keep them apart on disk.
      for group in apart(part) { try mesh.feed(group, as: form, test.options()) }
    }
    #expect(firstDifference(try mesh.dump(), test.reference) == nil, "seed \(seed)")
  }

  @Test(arguments: LogSetPlace.all)
  func `with every line on its own way, some of them twice`(place: LogSetPlace) throws {
    var test = try Case(place, seed: 5)
    let mesh = test.mesh
    let ways = test.set.files.map { file in
      file.lines.map { _ in
        (Int.random(in: 0..<4, using: &test.random), Int.random(in: 0..<4, using: &test.random))
      }
    }
    for way in [0, 1, 2, 3].shuffled(using: &test.random) {
      let part = zip(test.set.files, ways).map { file, ways in
        file.keeping { ways[$0].0 == way || ways[$0].1 == way }
      }
      try mesh.feed(
        part.shuffled(using: &test.random), as: test.random.pick([.plain, .gzip]), test.options())
    }
    #expect(firstDifference(try mesh.dump(), test.reference) == nil, "seed 5")
  }

  @Test(arguments: LogSetPlace.all)
  func `through pipes, with flags in the place of file names`(place: LogSetPlace) throws {
    var test = try Case(place, seed: 6)
    let mesh = test.mesh
    try mesh.feed(test.set.files.filter { $0.identity == nil }, test.options())
    let named = test.set.files.filter { $0.identity != nil }.shuffled(using: &test.random)
    try mesh.feed(named, as: .stream, test.options())
    #expect(firstDifference(try mesh.dump(), test.reference) == nil, "seed 6")
  }

  /// Groups in which no name occurs twice.
  private func apart(_ logs: [LogFile]) -> [[LogFile]] {
    var groups: [[LogFile]] = []
    for log in logs {
      if let free = groups.firstIndex(where: { group in !group.contains { $0.name == log.name } }) {
        groups[free].append(log)
      } else {
        groups.append([log])
      }
    }
    return groups
  }
}
