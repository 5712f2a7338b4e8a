import Testing

@testable import AccessLog

/// What a parser remembers is bounded, and what it forgets is not lost.
@Suite struct `The tables of a parser` {
  private static func index(_ text: String, _ tables: ParserTables, mayGrow: Bool? = nil) -> Int32? {
    PaddedBytes.withCopy(of: Array(text.utf8)) {
      tables.index(of: $0, mayGrow: mayGrow ?? tables.hasRoomForTexts)
    }
  }

  private static func path(_ number: Int) -> String { "/item/\(number)" }

  @Test func `take no more texts of rows when they are full, and know those that they have`() {
    let tables = ParserTables()
    for number in 0..<Limits.tableTexts {
      #expect(Self.index(Self.path(number), tables) == Int32(number))
    }
    #expect(Self.index("/one/too/many", tables) == nil)
    #expect(Self.index(Self.path(7), tables) == 7)
  }

  @Test func `start over at the end of a batch when attribute sets have filled them`() {
    let tables = ParserTables()
    for number in 0..<2 * Limits.tableTexts { _ = Self.index(Self.path(number), tables, mayGrow: true) }
    var batch = HopBatch()
    tables.finish(&batch)
    // Nothing is compared in place: what a full table holds would fill the log.
    let (count, hasRoom) = (batch.texts.count, tables.hasRoomForTexts)
    #expect(count == 2 * Limits.tableTexts && hasRoom)
    let index = Self.index("/afterwards", tables)
    #expect(index == 0)
    var next = HopBatch()
    tables.finish(&next)
    let (first, texts) = (next.firstText, next.texts.count)
    #expect(first == 0 && texts == 1)
  }

  @Test func `start over when their texts are many bytes`() {
    let tables = ParserTables()
    let long = String(repeating: "x", count: Limits.valueBytes)
    for number in 0..<Limits.tableBytes / Limits.valueBytes {
      _ = Self.index(long + "\(number)", tables, mayGrow: true)
    }
    var batch = HopBatch()
    tables.finish(&batch)
    let index = Self.index("/afterwards", tables)
    #expect(index == 0)
  }

  @Test func `give a hop its own values after they started over`() throws {
    let tables = ParserTables()
    var parser = HopParser(tables: tables, logName: "a.b.c.d.log")
    var batch = HopBatch()
    func hop(_ path: String) throws -> (path: [UInt8], method: [UInt8]) {
      let line = #"{"start_time":"2026-11-23T02:15:53.792Z","method":"GET","path":"\#(path)","duration":1}"#
      _ = PaddedBytes.withCopy(of: Array(line.utf8)) { parser.parse($0, number: 1, into: &batch) }
      tables.finish(&batch)
      defer { batch = HopBatch() }
      let row = try #require(batch.rows.first)
      let set = batch.attributeSets[Int(row.attributes - batch.firstAttributeSet)]
      let first = Int(batch.firstText)
      return (batch.texts[Int(row.path.value) - first], batch.texts[Int(set.method) - first])
    }
    #expect(try hop("/before") == (Array("/before".utf8), Array("GET".utf8)))
    for number in 0..<2 * Limits.tableTexts { _ = Self.index(Self.path(number), tables, mayGrow: true) }
    tables.finish(&batch)
    batch = HopBatch()
    #expect(try hop("/before") == (Array("/before".utf8), Array("GET".utf8)))
  }
}
