internal import AccessLog

/// Envelopes, and the whole parser behind them: slices stay in their line, every line comes to one end, and what is
/// stored is text.
enum EnvelopeTarget {
  static func run(_ input: [UInt8]) {
    let lines = input.lines(8)
    strip(lines)
    parse(lines)
  }

  private static func strip(_ lines: [[UInt8]]) {
    var stripper = EnvelopeStripper()
    for line in lines {
      var next: Stripped? = stripper.strip(line.span)
      var bodies = 0
      while let stripped = next {
        if case .range(let range) = stripped.body {
          Fuzz.require(range.lowerBound >= 0 && range.upperBound <= line.count, "a body leaves its line")
        }
        bodies += 1
        Fuzz.require(bodies <= line.count + 1, "more bodies than bytes")
        next = stripper.nextBody()
      }
    }
    _ = stripper.abandonParts()
  }

  private static func parse(_ lines: [[UInt8]]) {
    let tables = ParserTables()
    var parser = HopParser(tables: tables, logName: "c.n.p.istio-proxy.log")
    var batch = HopBatch()
    var (stored, records) = (0, 0)
    for (index, line) in lines.enumerated() {
      let number = Int64(index) + 1
      var next: LineOutcome? = PaddedBytes.withCopy(of: line) {
        parser.parse($0, number: number, into: &batch)
      }
      while let outcome = next {
        records += 1
        if case .hop = outcome { stored += 1 }
        next = parser.parseNext(number: number, into: &batch)
      }
    }
    _ = parser.finish(into: &batch)
    _ = parser.currentSource()
    tables.finish(&batch)
    Fuzz.require(stored == batch.rows.count, "\(stored) lines stored, \(batch.rows.count) rows")
    Fuzz.require(records >= lines.count, "a line came to nothing")
    check(batch)
  }

  private static func check(_ batch: HopBatch) {
    for text in batch.texts {
      Fuzz.require(String(validating: text, as: UTF8.self) != nil, "a text that is stored is not UTF-8")
      Fuzz.require(text.count <= Limits.valueBytes, "a value was not cut")
    }
    for row in batch.rows {
      Fuzz.require(
        row.durationMicroseconds >= 0 || row.durationMicroseconds == HopRow.missing, "less than no time")
      for text in [row.path, row.userAgent, row.forwardedFor] where text.value >= 0 {
        Fuzz.require(
          batch.texts[Int(text.value)].count <= Limits.tableTextBytes, "a text in the table is too long")
      }
    }
  }
}
