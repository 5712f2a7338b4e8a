import AccessLog
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Slots of time with more hops than memory is promised for.
@Suite struct `Dense time` {
  private let slot = StoreLimits.slotMilliseconds

  @Test func `is cut down to milliseconds, and no piece has too many hops but a single one`() {
    let most = CorrelationLimits.pieceHops
    // 100 milliseconds of a tenth of a piece each, and one of three pieces.
    let milliseconds = (0..<100).map {
      (millisecond: 5 * slot + $0, hops: $0 == 50 ? 3 * most : most / 10)
    }
    let sum = milliseconds.reduce(0) { $0 + $1.hops }
    let units = CorrelationUnits(
      [(slot: 4, hops: 10), (slot: 5, hops: sum), (slot: 6, hops: 10)],
      dense: DenseCounts([5: milliseconds]))
    for (one, next) in zip(units.ranges, units.ranges.dropFirst()) {
      #expect(one.upperBound < next.lowerBound)
    }
    #expect(units.overfull == [(5 * slot + 50) * 1000...(5 * slot + 51) * 1000 - 1])
    for unit in units.ranges where !units.overfull.contains(unit) {
      let own = milliseconds.filter { unit.contains($0.millisecond * 1000) }.reduce(0) { $0 + $1.hops }
      #expect(own <= most)
    }
    for entry in milliseconds {
      #expect(
        units.ranges.contains {
          $0.contains(entry.millisecond * 1000) && $0.contains(entry.millisecond * 1000 + 999)
        })
    }
  }

  @Test func `is looked at around a cut as far as so many hops reach`() {
    let cut = 100 * slot * 1000
    let quiet = MarginReach((80..<120).map { (slot: Int64($0), hops: 100) })
    #expect(quiet.before(cut) == CorrelationLimits.margin && quiet.after(cut) == CorrelationLimits.margin)
    let busy = MarginReach((80..<120).map { (slot: Int64($0), hops: CorrelationLimits.marginHops / 2) })
    #expect(busy.before(cut) == 2 * slot * 1000 && busy.after(cut) == 2 * slot * 1000)
    let denser = MarginReach((80..<120).map { (slot: Int64($0), hops: CorrelationLimits.marginHops * 4) })
    #expect(denser.before(cut) == slot * 250 && denser.after(cut) == slot * 250)
    let crowd = DenseCounts([99: [(100 * slot - 1, 1 << 20)], 100: [(100 * slot, 1 << 20)]])
    let crowded = MarginReach([(99, 1 << 20), (100, 1 << 20)], dense: crowd)
    #expect(crowded.before(cut) == 0 && crowded.after(cut) == 0)
  }

  /// `apart`: milliseconds between one and the next.
  private static func line(_ number: Int, isServer: Bool, apart: Int = 0) -> [UInt8] {
    let time = "\((number * apart / 1000) % 50 + 10).\(String(number * apart % 1000 + 1000).dropFirst())"
    let side =
      isServer
      ? #""upstream_cluster":"inbound|80||","requested_server_name":"outbound_.80_._.shop.default.svc.cluster.local","#
        + #""upstream_host":"10.1.0.2:80","downstream_local_address":"10.1.0.2:80","downstream_remote_address":"10.1.0.1:\#(4000 + number)""#
      : #""upstream_cluster":"outbound|80||shop.default.svc.cluster.local","upstream_host":"10.1.0.2:80","#
        + #""upstream_local_address":"10.1.0.1:\#(4000 + number)""#
    let id = "0c3f1d52-5f5c-4c6b-9d0a-\(100_000_000_000 + number)"
    return Array(
      #"{"start_time":"2026-11-23T02:15:\#(time)Z","method":"GET","path":"/\#(number)","response_code":"200","duration":"\#(isServer ? 8 : 10)","request_id":"\#(id)",\#(side)}"#
        .utf8)
  }

  private static func logs(_ requests: Int, apart: Int = 0) -> [LogFile] {
    [
      LogFile(
        name: "c.default.a-1.istio-proxy.log",
        lines: (0..<requests).map { line($0, isServer: false, apart: apart) }),
      LogFile(
        name: "c.default.shop-1.istio-proxy.log",
        lines: (0..<requests).map { line($0, isServer: true, apart: apart) }),
    ]
  }

  /// One millisecond of 200 hops, of which 30 may be linked at once.
  @Test
  func `of a millisecond that is linked part by part keeps every request, and says what was left undecided`()
    throws
  {
    let mesh = try ScratchMesh()
    try mesh.feed(Self.logs(100))
    var correlate = Correlate(database: mesh.database)
    (correlate.unitHops, correlate.partHops) = (30, 30)
    try correlate.run()
    let hops = try JSONValue.lines(mesh.export()).flatMap { $0["hops"]?.array ?? [] }
    #expect(hops.count == 200)
    #expect(hops.contains { $0["undecided"]?.string == "parent" })
    #expect(hops.allSatisfy { $0["undecided"] == nil || $0["parent"]?["hop"] == nil })
    #expect(try Doctor(database: mesh.database).text().contains("left undecided"))
    #expect(try StoreCheck(database: mesh.database).problems() == [])
    // The same again, and in one part: nothing is left of what was there before.
    try correlate.run(again: .all)
    #expect(try JSONValue.lines(mesh.export()).flatMap { $0["hops"]?.array ?? [] }.count == 200)
    try Correlate(database: mesh.database).run(again: .all)
    let traces = try JSONValue.lines(mesh.export())
    #expect(traces.count == 100 && traces.allSatisfy { $0["hops"]?.array?.count == 2 })
    #expect(!(try Doctor(database: mesh.database).text().contains("left undecided")))
  }

  /// Each trace was found by reading all that begins within half a second, as many times as there are traces.
  @Test func `is exported trace by trace as each is found alone`() throws {
    let mesh = try ScratchMesh()
    try mesh.feed(Self.logs(100))
    try Correlate(database: mesh.database).run()
    try mesh.read { reader in
      var count = 0
      try reader.forEachTrace { trace in
        let alone = try #require(try reader.trace(root: trace.root))
        #expect(alone.id == trace.id && alone.hops == trace.hops && alone.links == trace.links)
        count += 1
      }
      #expect(count == 100)
    }
  }

  /// `trace` of an id that thousands of requests have.
  @Test(arguments: [1, 700])
  func `is shown by first hops as each is found alone`(milliseconds: Int) throws {
    let mesh = try ScratchMesh()
    try mesh.feed(Self.logs(40, apart: milliseconds))
    try Correlate(database: mesh.database).run()
    try mesh.read { reader in
      var roots: [Int64] = []
      try reader.forEachTrace { roots.append($0.root) }
      roots = roots.sorted()
      // Not all of them, so that others stand between; and one that is none.
      let asked = roots.enumerated().filter { $0.offset % 3 != 1 }.map(\.element) + [.max >> 1]
      var found: [StoredTrace?] = []
      try reader.forEachTrace(roots: asked[...]) {
        found.append($0)
        return true
      }
      #expect(asked.count > 20 && found.count == asked.count && found.last?.map(\.root) == .none)
      for (root, trace) in zip(asked.dropLast(), found) {
        let alone = try #require(try reader.trace(root: root))
        #expect(alone.id == trace?.id && alone.hops == trace?.hops && alone.links == trace?.links)
      }
      var some = 0
      try reader.forEachTrace(roots: asked[...]) { _ in
        some += 1
        return some < 7
      }
      #expect(some == 7)
    }
  }
}
