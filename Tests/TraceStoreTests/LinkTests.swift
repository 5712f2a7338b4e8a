import AccessLog
import Correlation
import Foundation
import Testing

@testable import TraceStore

@Suite struct LinkTests {
  /// A client hop, the carrier and the server hop of one leg, and a client hop of its own.
  private func leg() throws -> (store: ScratchStore, ids: [Int64]) {
    let store = try ScratchStore()
    let id = IdentifierRef(form: .uuid, high: 0x08dc_43e9_60c8_4f2f, low: 0x910a_b727_172c_e311, text: .none)
    var hops = [Role.client, .proxy, .server, .client].enumerated().map { index, role in
      TestHop(start: 1_760_000_000_000_000 + Int64(index) * 5000, line: Int64(index + 1), role: role)
    }
    hops[0].requestID = id
    hops[2].requestID = id
    try store.store(hops)
    return (store, try store.read { try $0.hops() }.map(\.id))
  }

  private func link(_ ids: [Int64], parent confidence: Double = 0.9876) -> [HopOutcome] {
    let via = { (hop: Int64) in
      Link(kind: .via, hop: hop, target: ids[1], confidence: 0.5, evidence: [.sequence, .bytes])
    }
    return [
      HopOutcome(
        hop: ids[2], traceRoot: ids[0],
        parent: Link(
          kind: .parent, hop: ids[2], target: ids[0], confidence: confidence, evidence: [.requestID]),
        carriers: [
          via(ids[2]), Link(kind: .via, hop: ids[2], target: ids[3], confidence: 0.25, evidence: [.time]),
        ],
        carrierStatus: .linked, runnerUp: ids[3], margin: 0.5),
      HopOutcome(hop: ids[0], traceRoot: ids[0], carriers: [via(ids[0])], carrierStatus: .linked),
    ]
  }

  private func write(_ store: ScratchStore, _ links: [HopOutcome], range: ClosedRange<Int64>? = nil) throws {
    let work = try store.read { try $0.pendingWork() }
    let writer = try StoreWriter(path: store.path)
    try writer.replaceLinks(startingIn: range, links[...])
    try writer.finish(work)
    try writer.close()
  }

  @Test func `links come back with the trace, whichever of its hops is asked for`() throws {
    let (store, ids) = try leg()
    try write(store, link(ids))
    for hop in [ids[0], ids[2]] {
      let trace = try #require(try store.read { try $0.trace(ofHop: hop) })
      #expect(trace.id == "08dc43e960c84f2f910ab727172ce311")
      #expect(trace.root == ids[0])
      #expect(trace.hops.map(\.id) == ids)
      let link = try #require(trace.links[ids[2]])
      #expect(link.parent == StoredClaim(target: ids[0], confidence: 0.9876, evidence: [.requestID]))
      #expect(link.carriers.map(\.target) == [ids[1], ids[3]])
      #expect(link.carrierStatus == .linked && link.runnerUp == ids[3] && link.margin == 0.5)
    }
  }

  @Test func `every hop but carriers is in exactly one trace`() throws {
    let (store, ids) = try leg()
    var roots: [Int64] = []
    try store.read { reader in try reader.forEachTrace { roots.append($0.root) } }
    #expect(roots == [ids[0], ids[2], ids[3]])
    try write(store, link(ids))
    roots = []
    try store.read { reader in try reader.forEachTrace { roots.append($0.root) } }
    #expect(roots == [ids[0], ids[3]])
  }

  @Test func `new hops wait for correlation, and its links take them off the list`() throws {
    let (store, ids) = try leg()
    let start: Int64 = 1_760_000_000_000_000
    #expect(
      try store.read { try $0.pendingWork() }.ranges.filter { !$0.isOfConnections }.map(\.range) == [
        start...start + 15_000 + 49_000
      ])
    try write(store, link(ids))
    #expect(try store.read { try !$0.isPending() })
  }

  @Test func `what came after the hops were read stays on the list`() throws {
    let (store, ids) = try leg()
    let work = try store.read { try $0.pendingWork() }
    try store.store([TestHop(start: 1_760_000_000_001_000)])
    let writer = try StoreWriter(path: store.path)
    try writer.replaceLinks(link(ids)[...])
    try writer.finish(work)
    try writer.close()
    #expect(
      try store.read { try $0.pendingWork() }.ranges.filter { !$0.isOfConnections }.map(\.range) == [
        1_760_000_000_001_000...1_760_000_000_050_000
      ])
  }

  @Test func `links outside the range stay`() throws {
    let (store, ids) = try leg()
    try write(store, link(ids))
    let start: Int64 = 1_760_000_000_000_000
    try write(store, Array(link(ids, parent: 0.5).prefix(1)), range: start + 10_000...start + 10_000)
    let links = try store.read { reader in try [ids[0], ids[2]].map { try reader.link(ofHop: $0) } }
    #expect(links[0]?.carriers.count == 1)
    #expect(links[1]?.parent?.confidence == 0.5)
    #expect(try store.read { try $0.problems() } == [])
  }

  @Test(arguments: [
    ("08dc43e9-60c8-4f2f-910a-b727172ce311", 2), ("08DC43E960C84F2F910AB727172CE311", 2), ("08dc43e9", 2),
    ("08dc43e9-60c8-4f2f-91", 2), ("08dc43e", 0), ("08dc43e9-60c8-4f2f-92", 0), ("18dc43e9", 0), ("", 0),
  ])
  func `a request is found by its id or the start of it`(text: String, count: Int) throws {
    let (store, _) = try leg()
    #expect(try store.read { try $0.hops(withIdentifier: text) }.count == count)
  }

  @Test func `an id that is neither a UUID nor hex is found whole`() throws {
    let store = try ScratchStore()
    try store.store([TestHop(requestText: "order-4711/ä")])
    #expect(
      try store.read { try $0.hops(withIdentifier: "order-4711/ä") }.map(\.identifier) == ["order-4711/ä"])
    #expect(try store.read { try $0.hops(withIdentifier: "order-47") }.isEmpty)
  }
}
