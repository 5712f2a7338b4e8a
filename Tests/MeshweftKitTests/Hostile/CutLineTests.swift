import MeshweftKit
import TestSupport
import Testing
import TraceStore

/// A container runtime cuts long lines in parts; a log may end between them.
@Suite struct `A line in parts of which the log has only the first` {
  private static let stamp = "2026-11-23T01:02:03.456789Z stdout "

  /// The plain line, cut in two, as CRI writes it.
  private static func parts() -> [[UInt8]] {
    let line = PlainLine.json()
    return [
      Array("\(stamp)P ".utf8) + line[..<200], Array("\(stamp)P ".utf8) + line[200..<400],
      Array("\(stamp)F ".utf8) + line[400...],
    ]
  }

  @Test func `is rejected where it ends, and stored when it is whole`() throws {
    let mesh = try ScratchMesh()
    let cut = try mesh.feed([LogFile(name: "0.log", lines: Array(Self.parts().prefix(2)))])
    #expect(cut.counts.skipped == 1 && cut.counts.rejected == 1)
    #expect(cut.rejectedLines.first?.line == 2)
    #expect(cut.rejectedLines.first?.reason.contains("the log ends within this line") == true)
    let whole = try mesh.feed([LogFile(name: "0.log", lines: Self.parts())])
    #expect(whole.counts.skipped == 2 && whole.counts.stored == 1)
    #expect(try mesh.read { try $0.hops() }.map(\.line) == [3])
  }

  @Test func `is no hop even if it could be read as one`() throws {
    let mesh = try ScratchMesh()
    let line = Array("\(Self.stamp)P ".utf8) + PlainLine.json()
    let summary = try mesh.feed([LogFile(name: "0.log", lines: [line])])
    #expect(summary.counts.rejected == 1 && summary.counts.stored == 0)
  }

  @Test func `of Docker, too`() throws {
    let mesh = try ScratchMesh()
    let piece = String(repeating: "a", count: 16 * 1024)
    let line = #"{"log":"{\"start_time\":\"\#(piece)","stream":"stdout","time":"2026-11-23T01:02:03Z"}"#
    let summary = try mesh.feed([LogFile(name: "0.log", lines: [Array(line.utf8)])])
    #expect(summary.counts.rejected == 1)
  }
}
