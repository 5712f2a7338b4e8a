import AccessLog
import Foundation
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// A database of a test's own, and the logs that were fed to it; every feeding is held to the counting invariant.
final class ScratchMesh {
  let folder: ScratchFolder
  let database: String
  /// All feedings together.
  private(set) var stored: Int64 = 0
  private var feedings = 0

  /// How logs become files.
  enum Form: CaseIterable {
    case plain, gzip
    /// Two members, cut anywhere.
    case members
    /// Through a pipe, one log after the other, whose they are said by flags.
    case stream
  }

  init() throws {
    folder = try ScratchFolder()
    database = folder.file("mesh.db")
  }

  /// Ingests logs in the order in which they are given.
  @discardableResult
  func feed(
    _ logs: [LogFile], as form: Form = .plain, _ options: IngestOptions = .uncorrelated,
    _ place: SourceLocation = #_sourceLocation
  ) throws -> IngestSummary {
    if form == .stream { return try feedStreams(logs, options, place) }
    feedings += 1
    let paths = try logs.map { log in
      let name = "feeding-\(feedings)/\(log.name)" + (form == .plain ? "" : ".gz")
      return try folder.write(name, ScratchMesh.packed(log.bytes, form))
    }
    let summary = try Ingest(database: database, options: options).run(paths)
    check(summary, lines: logs.reduce(0) { $0 + $1.lines.count }, place)
    return summary
  }

  private static func packed(_ bytes: [UInt8], _ form: Form) throws -> [UInt8] {
    switch form {
    case .plain, .stream: return bytes
    case .gzip: return try Gzip.pack(bytes)
    case .members:
      let cut = bytes.count / 3
      return try Gzip.pack(Array(bytes[..<cut])) + Gzip.pack(Array(bytes[cut...]))
    }
  }

  private func feedStreams(
    _ logs: [LogFile], _ options: IngestOptions, _ place: SourceLocation
  ) throws -> IngestSummary {
    var all = IngestSummary()
    for log in logs {
      let pipe = Pipe()
      let bytes = Data(log.bytes)
      Thread.detachNewThread {
        try? pipe.fileHandleForWriting.write(contentsOf: bytes)
        try? pipe.fileHandleForWriting.close()
      }
      let descriptor = pipe.fileHandleForReading.fileDescriptor
      let summary = try Ingest(database: database, options: options.identified(by: log))
        .run(["/dev/fd/\(descriptor)"])
      check(summary, lines: log.lines.count, place)
      all.counts += summary.counts
      all.sources += summary.sources
    }
    return all
  }

  /// Lines through a pipe; `options` say whose they are, if anything does.
  @discardableResult
  func feed(
    stream lines: [[UInt8]], _ options: IngestOptions = .uncorrelated,
    _ place: SourceLocation = #_sourceLocation
  ) throws -> IngestSummary {
    let pipe = Pipe()
    let bytes = Data(lines.reduce(into: []) { $0 += $1 + [0x0A] })
    Thread.detachNewThread {
      try? pipe.fileHandleForWriting.write(contentsOf: bytes)
      try? pipe.fileHandleForWriting.close()
    }
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let summary = try Ingest(database: database, options: options).run(["/dev/fd/\(descriptor)"])
    check(summary, lines: lines.count, place)
    return summary
  }

  private func check(_ summary: IngestSummary, lines: Int, _ place: SourceLocation) {
    #expect(summary.inputErrors == [], sourceLocation: place)
    #expect(summary.counts.holdsInvariant, "\(summary.counts)", sourceLocation: place)
    #expect(summary.counts.lines == Int64(lines), sourceLocation: place)
    #expect(summary.sources.allSatisfy { $0.counts.holdsInvariant }, sourceLocation: place)
    let others = summary.otherSources ?? IngestCounts()
    #expect(others.holdsInvariant, sourceLocation: place)
    #expect(
      summary.sources.reduce(others.stored) { $0 + $1.counts.stored } == summary.counts.stored,
      sourceLocation: place)
    stored += summary.counts.stored
  }

  func read<T>(_ body: (StoreReader) throws -> T) throws -> T {
    let reader = try StoreReader(path: database)
    let value = try body(reader)
    try reader.close()
    return value
  }

  /// The hops' content, one line each; also holds what was reported as stored to what is there.
  func dump(lineNumbers: Bool = true, _ place: SourceLocation = #_sourceLocation) throws -> [Substring] {
    let text = try read { try $0.canonicalDump(lineNumbers: lineNumbers) }
    let lines = text.split(separator: "\n")
    #expect(Int64(lines.count) == stored, "reported as stored: \(stored)", sourceLocation: place)
    return lines
  }

  /// What `export traces` writes.
  func export() throws -> [UInt8] {
    try TraceExport(database: database).rendered(as: .ndjson)
  }
}

extension IngestOptions {
  static var uncorrelated: IngestOptions {
    var options = IngestOptions()
    options.correlates = false
    return options
  }

  /// Flags that say what the log's file name would.
  func identified(by log: LogFile) -> IngestOptions {
    guard let identity = log.identity else { return self }
    var options = self
    options.meshCluster = identity.meshCluster
    options.namespace = identity.namespace
    options.pod = identity.pod
    options.container = identity.container
    return options
  }
}

/// Where two dumps part, short enough to be read; nil where they are equal.
func firstDifference(_ left: [Substring], _ right: [Substring]) -> String? {
  guard left != right else { return nil }
  let (leftOnly, rightOnly) = (Set(left).subtracting(right), Set(right).subtracting(left))
  return
    "\(left.count) and \(right.count) lines; only here: \(leftOnly.min() ?? "-"); only there: \(rightOnly.min() ?? "-")"
}

extension ScratchMesh {
  /// What `hops` prints.
  func listing(_ form: OutputForm, _ options: HopListingOptions = HopListingOptions()) throws -> [UInt8] {
    try HopListing(database: database, options: options).rendered(as: form)
  }
}
