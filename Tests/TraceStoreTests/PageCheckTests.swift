import Foundation
import TestSupport
import Testing

@testable import TraceStore

@Suite struct `Pages have checks` {
  /// What reading all of a database says is wrong.
  private static func complaint(_ path: String) -> String? {
    do {
      let reader = try StoreReader(path: path)
      _ = try reader.canonicalDump()
      return try (reader.problems() + reader.brokenInvariants()).first
    } catch {
      return "\(error)"
    }
  }

  @Test func `so that no byte of a database changes unnoticed`() throws {
    let sound = try ScratchStore()
    try sound.store(IdentityTests.log(2000))
    #expect(Self.complaint(sound.path) == nil)
    let bytes = try Data(contentsOf: URL(filePath: sound.path))
    var random = SplitMix64(seed: 1)
    let damaged = try ScratchStore()
    for page in 0..<bytes.count / 4096 {
      var changed = bytes
      // SQLite's own version number, which it writes and never reads, is no content: the check tells that, too.
      let place = page * 4096 + Int.random(in: 0..<4096, using: &random)
      changed[place] ^= UInt8.random(in: 1...255, using: &random)
      try changed.write(to: URL(filePath: damaged.path))
      #expect(Self.complaint(damaged.path) != nil, "byte \(place)")
    }
  }

  @Test func `pages that change places are noticed`() throws {
    let sound = try ScratchStore()
    try sound.store(IdentityTests.log(2000))
    var bytes = try Data(contentsOf: URL(filePath: sound.path))
    let last = bytes.count - 4096
    let (one, other) = (Data(bytes[(last - 4096)..<last]), Data(bytes[last...]))
    bytes.replaceSubrange((last - 4096)..<last, with: other)
    bytes.replaceSubrange(last..., with: one)
    try bytes.write(to: URL(filePath: sound.path))
    #expect(Self.complaint(sound.path)?.contains("not what was written") == true)
  }

  /// What a killed ingest leaves in its log, the next program to close the database copies into it: it knows of no checks.
  @Test func `pages that another program copied out of the log are taken as they are`() throws {
    let store = try ScratchStore()
    try store.store(IdentityTests.log(500))
    let killed = try ScratchStore()
    let writer = try StoreWriter(path: store.path)
    var builder = BatchBuilder()
    var tables = IngestTables()
    for hop in IdentityTests.log(2000) { builder.add(hop) }
    _ = try writer.append(builder.take(), &tables)
    for ending in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: store.path + ending, toPath: killed.path + ending)
    }
    try writer.close()
    let script =
      "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); print(d.execute('SELECT count(*) FROM hop').fetchone()[0])"
    let other = try ChildProcess.run("python3", ["-c", script, killed.path])
    #expect(other.outputText == "2000\n" && !FileManager.default.fileExists(atPath: killed.path + "-wal"))
    #expect(Self.complaint(killed.path) == nil)
    #expect(try killed.store(IdentityTests.log(2000)) == (0, 2000, 0))
    #expect(Self.complaint(killed.path) == nil)
  }
}
