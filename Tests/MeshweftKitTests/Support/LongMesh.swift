import Foundation
import GRDBSQLite
import TestSupport
import TraceStore

@testable import MeshweftKit

/// The sample logs, over hours: their lines again and again, some minutes later each time, with other request ids. Ports and so
/// connections are the same each time, as where a pod's ports come back.
struct LongMesh {
  let files: [LogFile]

  /// Minutes after the sample logs' own: two hours and a bit, with gaps, one of which is longer than an hour's rest.
  static let minutes =
    Array(0..<15) + Array(20..<24) + [31] + Array(45..<58) + Array(60..<75) + [100, 112, 160]

  /// `lines`: about so many each time.
  init(lines: Int = 90, minutes: [Int] = LongMesh.minutes) throws {
    let set = try LogSetPlace.samples.load().sampled(to: lines)
    files = try set.files.filter { $0.identity != nil }.compactMap { file in
      let lines = try minutes.flatMap { minute in
        try file.lines.filter { !$0.isEmpty }.map { try LongMesh.moved($0, minutes: minute) }
      }
      return lines.isEmpty ? nil : LogFile(name: file.name, lines: lines)
    }
  }

  private static func moved(_ line: [UInt8], minutes: Int) throws -> [UInt8] {
    var line = line
    try replace(#""start_time":"2026-11-23T"#, length: 5, in: &line) { time in
      let parts = time.split(separator: ":").compactMap { Int($0) }
      guard parts.count == 2 else { throw NotATime() }
      let moved = parts[0] * 60 + parts[1] + minutes
      return String(format: "%02d:%02d", moved / 60, moved % 60)
    }
    try? replace(#""request_id":""#, length: 4, in: &line) { id in
      id.allSatisfy(\.isHexDigit) ? String(format: "%04x", (Int(id, radix: 16) ?? 0) ^ minutes << 4) : id
    }
    return line
  }

  private static func replace(
    _ key: String, length: Int, in line: inout [UInt8], _ change: (String) throws -> String
  ) throws {
    guard let found = line.firstRange(of: Array(key.utf8)), found.upperBound + length <= line.count else {
      throw NotATime()
    }
    let range = found.upperBound..<found.upperBound + length
    line.replaceSubrange(range, with: Array(try change(String(decoding: line[range], as: UTF8.self)).utf8))
  }

  private struct NotATime: Error {}
}

extension ScratchMesh {
  /// Changes the database past meshweft, with the SQLite that keeps its pages' checks.
  func edit(_ sql: String) throws {
    var opened: OpaquePointer?
    guard unsafe sqlite3_open(database, &opened) == SQLITE_OK, let database = unsafe opened else {
      throw NotEdited(text: "cannot open")
    }
    defer { unsafe _ = sqlite3_close(database) }
    guard unsafe sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
      throw unsafe NotEdited(text: String(cString: sqlite3_errmsg(database)))
    }
  }

  private struct NotEdited: Error { var text: String }

  /// Spans that reports may read, by width in minutes.
  func spans() throws -> [Int64: Int] {
    let spans = try read { try $0.rollupSpans() }
    return spans.reduce(into: [:]) { counts, span in
      if span.state.legs > 0 { counts[span.span.width / LegTable.minute, default: 0] += 1 }
    }
  }

  /// The database as it is, in a file of its own.
  func copy() throws -> ScratchMesh {
    let other = try ScratchMesh()
    try FileManager.default.copyItem(atPath: database, toPath: other.database)
    return other
  }
}
