internal import AccessLog
internal import ArgumentParser
internal import Glibc

/// How far the lines are taken.
enum ParseStage: String, CaseIterable, ExpressibleByArgument {
  case split, scan, parse
}

struct Parse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads logs and takes their lines through the first stages of an ingest; stores nothing.")

  @Option(help: "split into lines, scan for the fields (JSON only), or parse into hops.")
  var stage: ParseStage

  @Argument(help: "The files to read, not gzipped.")
  var files: [String]

  func run() throws {
    let begin = ContinuousClock.now
    var sum = ParseTotals()
    let tables = ParserTables()
    for file in files {
      switch stage {
      case .split: try split(file, &sum)
      case .scan: try scan(file, &sum)
      case .parse: try parse(file, tables, &sum)
      }
    }
    let duration = begin.duration(to: .now)
    // Printed so that a stage that found nothing is seen, and so that none can be optimised away.
    print("found=\(sum.found)", terminator: " ")
    Measurement(row: stage.rawValue, lines: sum.lines, bytes: sum.bytes, duration: duration).report()
  }

  private func split(_ file: String, _ sum: inout ParseTotals) throws {
    try sum.add(file) { _, _ in true }
  }

  private func scan(_ file: String, _ sum: inout ParseTotals) throws {
    var scanner = JSONLineScanner(acceptsOctalEscapes: true)
    var fields = FieldTable()
    try sum.add(file) { line, _ in
      fields.reset()
      return scanner.scan(line, into: &fields) == .object
    }
  }

  private func parse(_ file: String, _ tables: ParserTables, _ sum: inout ParseTotals) throws {
    var parser = HopParser(tables: tables, logName: String(file.split(separator: "/").last ?? ""))
    var batch = HopBatch()
    try sum.add(file) { line, number in
      let outcome = parser.parse(line, number: number, into: &batch)
      if batch.rows.count == Self.batchRows { Self.discard(&batch, tables) }
      if case .hop = outcome { return true }
      return false
    }
    Self.discard(&batch, tables)
  }

  /// As many as an ingest hands to the store at once.
  private static let batchRows = Limits.batchRows

  private static func discard(_ batch: inout HopBatch, _ tables: ParserTables) {
    tables.finish(&batch)
    batch = HopBatch()
  }
}

/// What went through a stage.
private struct ParseTotals {
  var lines = 0
  var bytes = 0
  /// Lines that the stage could make something of.
  var found = 0

  /// Cuts a file into lines and takes each through a stage.
  mutating func add(_ file: String, _ take: (PaddedBytes, Int64) -> Bool) throws {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ReadFailure(path: file, reason: lastSystemError()) }
    defer { close(descriptor) }
    var buffer = LineBuffer()
    var number: Int64 = 0
    while try fill(&buffer, from: descriptor, file) > 0 {
      while let line = buffer.next() {
        number += 1
        if case .line(let bytes) = line, take(bytes, number) { found += 1 }
      }
    }
    lines += Int(number)
  }

  private mutating func fill(_ buffer: inout LineBuffer, from descriptor: Int32, _ file: String) throws -> Int
  {
    let count = try unsafe buffer.fill { space in
      while true {
        let count = unsafe read(descriptor, space.baseAddress, space.count)
        if count >= 0 { return count }
        guard errno == EINTR else { throw ReadFailure(path: file, reason: lastSystemError()) }
      }
    }
    bytes += count
    return count
  }
}
