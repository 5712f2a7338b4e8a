import Testing

@testable import TraceStore

/// How far logs were read is kept beside their lines.
@Suite struct `Where logs were read to` {
  private static func mark(_ restarts: Int64, uid: String = "u", last: Int64? = 7) -> ReadMark {
    let run = ReadMark.Run(
      meshCluster: "m", namespace: "n", pod: "p", container: "c", uid: uid, restarts: restarts)
    return ReadMark(run: run, last: last, from: nil, isComplete: restarts == 0, readAs: "f")
  }

  private func kept(_ notes: [[ReadMark]]) throws -> [ReadMark] {
    let store = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    for marks in notes { try writer.note(marks) }
    try writer.close()
    return try store.read { try $0.readMarks() }
  }

  @Test func `is what was noted last`() throws {
    #expect(
      try kept([[Self.mark(0), Self.mark(1)], [Self.mark(1, last: 9)]]) == [
        Self.mark(0), Self.mark(1, last: 9),
      ])
    #expect(try kept([[Self.mark(0, last: nil)]]) == [Self.mark(0, last: nil)])
  }

  @Test func `is kept of two runs of a container, and of the last pod of a name`() throws {
    #expect(try kept([[Self.mark(0)], [Self.mark(1)], [Self.mark(2)]]) == [Self.mark(1), Self.mark(2)])
    #expect(try kept([[Self.mark(0)], [Self.mark(0, uid: "v")]]) == [Self.mark(0, uid: "v")])
  }

  @Test func `goes with the lines that it was noted with`() throws {
    let store = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    try writer.begin()
    try writer.note([Self.mark(0)])
    try writer.rollback()
    try writer.close()
    #expect(try store.read { try $0.readMarks() }.isEmpty)
  }
}
