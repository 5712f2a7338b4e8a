import Foundation
import GRDBSQLite
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// What is too long to be collected is read in steps; between them no snapshot keeps a writer's log from being copied.
@Suite struct `Output in steps` {
  private static func made() throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    try mesh.feed(try LogSetPlace.samples.load().sampled(to: 4000).files, IngestOptions())
    return mesh
  }

  /// Takes what is written and looks at it.
  private final class Output: ReportOutput {
    let ink = Ink.none
    private(set) var notes: [String] = []
    private(set) var pieces: [[UInt8]] = []
    private let look: ([UInt8]) throws -> Void

    init(look: @escaping ([UInt8]) throws -> Void = { _ in }) { self.look = look }

    func note(_ text: String) { notes.append(text) }

    func take(_ bytes: [UInt8]) throws {
      pieces.append(bytes)
      try look(bytes)
    }
  }

  private static func pieces<Asked: Reporting>(_ report: Asked, _ form: Asked.Form) throws -> [[UInt8]] {
    let output = Output()
    _ = try report.write(as: form, to: output)
    return output.pieces
  }

  @Test(arguments: OutputForm.allCases)
  func `of hops is what it is in one`(form: OutputForm) throws {
    let mesh = try Self.made()
    var listing = HopListing(database: mesh.database)
    let whole = try Self.pieces(listing, form)
    listing.stepBytes = 1
    let steps = try Self.pieces(listing, form)
    #expect(whole.count == 1 && steps.count > 1)
    #expect(steps.flatMap(\.self) == whole[0])
  }

  @Test func `of some hops ends where it is to`() throws {
    var options = HopListingOptions()
    options.limit = 2500
    let mesh = try Self.made()
    var listing = HopListing(database: mesh.database, options: options)
    listing.stepBytes = 1
    let steps = try Self.pieces(listing, .ndjson)
    #expect(steps.count == 3)
    #expect(steps.flatMap(\.self).count { $0 == 0x0A } == 2500)
  }

  @Test func `of traces is what it is in one`() throws {
    let mesh = try Self.made()
    var export = TraceExport(database: mesh.database)
    let whole = try Self.pieces(export, .ndjson)
    export.stepBytes = 1000
    let steps = try Self.pieces(export, .ndjson)
    #expect(whole.count == 1 && steps.count > 10)
    #expect(steps.flatMap(\.self) == whole[0])
  }

  /// A writer can copy and empty its log while output is written: nobody looks at the middle of it.
  @Test func `leaves the log alone while it is written`() throws {
    let mesh = try ScratchMesh()
    try mesh.feed(try LogSetPlace.samples.load().sampled(to: 300).files, IngestOptions())
    var listing = HopListing(database: mesh.database)
    listing.stepBytes = 1
    var export = TraceExport(database: mesh.database)
    export.stepBytes = 1
    let writer = try OtherWriter(mesh.database)
    let output = Output { _ in
      let canEmptyLog = try writer.canEmptyLog()
      #expect(canEmptyLog)
    }
    _ = try export.write(as: .ndjson, to: output)
    #expect(output.pieces.count > 10)
    #expect(output.notes.contains { $0.contains("is from a later moment") }, "\(output.notes)")
    _ = try listing.write(as: .ndjson, to: output)
    _ = try UserQuery(database: mesh.database, name: "hops", parameters: []).write(as: .csv, to: output)
    let id = try #require(try mesh.read { try $0.hops() }.compactMap(\.requestID).first)
    _ = try TraceReport(database: mesh.database, id: id).write(as: .json, to: output)
  }
}

/// Another process's connection.
@safe
private final class OtherWriter {
  private struct Failure: Error { var code: Int32 }

  private let handle: OpaquePointer

  init(_ path: String) throws {
    var opened: OpaquePointer?
    let code = unsafe sqlite3_open(path, &opened)
    guard let opened = unsafe opened else { throw Failure(code: code) }
    unsafe handle = opened
  }

  deinit { unsafe _ = sqlite3_close(handle) }

  /// Commits something, and empties the log, which fails where a reader is at an earlier state.
  func canEmptyLog() throws -> Bool {
    let change = "UPDATE source SET workload = workload"
    let code = unsafe sqlite3_exec(handle, change, nil, nil, nil)
    guard code == SQLITE_OK else { throw Failure(code: code) }
    return unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil) == SQLITE_OK
  }
}
