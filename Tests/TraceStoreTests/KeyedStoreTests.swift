import AccessLog
import Correlation
import Foundation
import GRDB
import TestSupport
import Testing

@testable import TraceStore

@Suite struct `A database's own key` {
  /// Texts of 16 printable bytes that share the hash of schema 5: its factor is zero for the second half of each.
  private static func chosen(_ count: Int) -> [String] {
    var texts: [String] = []
    var number: UInt64 = 0
    while texts.count < count {
      number += 1
      let first = (0..<8).map { UInt8(ascii: "a") + UInt8(number >> (4 * UInt64($0)) & 15) }
      let word = first.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
      let state = OpenHash.mix(0xa076_1d64_78bd_642f ^ 16 ^ word, 0xe703_7ed1_a0b4_28db)
      let second = (0..<8).map { UInt8(truncatingIfNeeded: (state ^ 0xa076_1d64_78bd_642f) >> (8 * $0)) }
      guard second.allSatisfy({ (0x21...0x7e).contains($0) }) else { continue }
      texts.append(String(decoding: first + second, as: UTF8.self))
    }
    return texts
  }

  private static let texts = chosen(24)

  @Test func `texts that were chosen to share a hash do not`() throws {
    #expect(Set(Self.texts.map { OpenHash.of($0) }).count == 1)
    let store = try ScratchStore()
    try store.store(Self.texts.enumerated().map { TestHop(line: Int64($0.offset), path: $0.element) })
    try store.read { reader in
      try reader.rows("SELECT count(DISTINCT hash) FROM text WHERE length(text) = 16", [:]) {
        #expect($0.integer(0) == Int64(Self.texts.count))
      }
      let hops = try reader.loadHops().hops
      #expect(Set(hops.map(\.content)).count == hops.count && Set(hops.map(\.route)).count == hops.count)
    }
  }

  @Test func `two ids are two, whatever their hashes, and each is found`() throws {
    let ids = ["YcTh.SXL.sNac85t", "izGpMI8t~Us3Wfs9"]
    #expect(OpenHash.of(ids[0]) == OpenHash.of(ids[1]))
    let mesh = try ScratchFolder()
    let path = mesh.file("mesh.db")
    let writer = try StoreWriter(path: path)
    let tables = ParserTables(secret: writer.secret)
    var parser = HopParser(tables: tables, logName: "a.log")
    var batch = HopBatch()
    for (number, id) in (ids + ids).enumerated() {
      let line =
        #"{"start_time":"2026-11-23T02:20:2\#(number)Z","method":"GET","path":"/","request_id":"\#(id)"}"#
      PaddedBytes.withCopy(of: Array(line.utf8)) { _ = parser.parse($0, number: Int64(number), into: &batch) }
    }
    tables.finish(&batch)
    var ingest = IngestTables()
    #expect(try writer.append(batch, &ingest).stored == 4)
    try writer.close()
    let reader = try StoreReader(path: path)
    let keys = try reader.loadHops().hops.map(\.requestID)
    #expect(keys[0] != keys[1] && keys[0] == keys[2] && keys[1] == keys[3])
    for id in ids { #expect(try reader.hops(withIdentifier: id).map(\.identifier) == [id, id]) }
    try reader.close()
  }

  @Test func `is another one in each, and stays`() throws {
    let stores = try (0..<2).map { _ in try ScratchStore() }
    let secrets = try stores.map { store in
      let secret = try StoreWriter(path: store.path).secret
      #expect(try StoreWriter(path: store.path).secret == secret)
      return secret
    }
    #expect(secrets[0] != secrets[1] && secrets.allSatisfy { $0.lines == .body })
  }

  @Test func `is there twice, and a damaged one is told`() throws {
    let store = try ScratchStore()
    let secret = try StoreWriter(path: store.path).secret
    let edit = { (sql: String) in
      let queue = try DatabaseQueue(path: store.path)
      try queue.write { try $0.execute(sql: sql) }
      try queue.close()
    }
    try edit("UPDATE hash_key SET first = first + 1")
    #expect(try StoreWriter(path: store.path).secret == secret)
    try edit("DELETE FROM hash_key_copy")
    #expect(throws: StoreError.corrupt(path: store.path, detail: "the key of its hashes is lost")) {
      try StoreWriter(path: store.path)
    }
  }

  /// Hops that were chosen to want one key, and the same second one.
  @Test func `lines that want the same keys are told apart`() throws {
    let store = try ScratchStore()
    let hops = (0..<500).map { number in
      var random = SplitMix64(seed: UInt64(number))
      return TestHop(identity: (high: random.next(), low: 0xABCDE_12345), line: Int64(number + 1))
    }
    let first = try store.store(hops)
    #expect(first.stored == 500)
    // Two tries that anybody can foresee, and one more that nobody can.
    #expect(first.collisions < 3 * 500)
    #expect(try store.store(hops.reversed()).duplicate == 500)
  }
}
