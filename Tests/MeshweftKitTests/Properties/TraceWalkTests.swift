import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Traces in one pass: each is what it is when it is asked for alone, by statements of its own.
struct TraceWalkTests {
  private static func mesh(_ set: LogSet, _ extra: [[UInt8]] = []) throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    try mesh.feed(set.files, IngestOptions())
    if !extra.isEmpty { try mesh.feed([LogFile(name: "x.default.odd-1.istio-proxy.log", lines: extra)]) }
    try Correlate(database: mesh.database).run()
    return mesh
  }

  /// Lines with what few lines have: no times, ids that are no UUIDs, addresses that are names.
  private static let odd: [[UInt8]] = [
    #"{"start_time":"2026-11-23T02:15:00Z","method":"GET","path":"/a","response_code":200,"request_id":"abc","upstream_host":"/run/x.sock","upstream_local_address":"[::1]:80","upstream_service_time":"7"}"#,
    #"{"start_time":"2026-11-23T02:15:00.123456Z","method":"GET","path":"/b","response_code":"200","duration":"5","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","bytes_received":"9223372036854775807","downstream_remote_address":"10.0.0.1:32768"}"#,
    #"{"start_time":"1969-12-31T23:59:59.999Z","method":"PUT","path":"/\u202e","response_code":"500","duration":"-1","response_flags":"UC,XYZ"}"#,
    #"{"start_time":"0000-01-01T00:00:00Z","method":"PUT","path":"","response_code":"500","upstream_service_time":"-9223372036854775808"}"#,
    #"{"start_time":"9999-12-31T23:59:59.999Z","method":"GET","path":"/late","response_code":"200","duration":"3","upstream_cluster":"outbound|80||late"}"#,
    #"{"start_time":"9999-12-31T23:59:59.000Z","method":"GET","path":"/later","response_code":"200","duration":"3","upstream_cluster":"inbound|80||"}"#,
  ].map { Array($0.utf8) }

  @Test(
    arguments: LogSetPlace.samples.andLarge(["nat", "faults", "h2", "chain-propagated", "hotel-050-us"]),
    [1 << 16, 40, 1])
  func `are what each is alone, in the order of their starts, however many hops are held`(
    place: LogSetPlace, held: Int
  ) throws {
    let mesh = try Self.mesh(try place.load().sampled(to: 1500), Self.odd)
    try mesh.read { reader in
      try reader.snapshot {
        var roots: Set<Int64> = []
        var last: (start: Int64, millisecond: Int64) = (.min, .min)
        let walk = try TraceWalk(reader, holding: held)
        let hasMore = try walk.run(while: { true }) { trace in
          let alone = try #require(try reader.trace(root: trace.root))
          #expect(alone.id == trace.id && alone.hops == trace.hops && alone.links == trace.links)
          #expect(roots.insert(trace.root).inserted)
          let start = trace.hops.first { $0.id == trace.root }?.startMicroseconds ?? .min
          #expect(trace.root >> 20 > last.millisecond || start >= last.start)
          last = (start, trace.root >> 20)
        }
        #expect(!hasMore)
        // Each hop that is no carrier is in one trace: that of its first hop.
        let all = try reader.hops().filter { $0.role != "proxy" }
        #expect(all.count > 400)
        #expect(Set(try all.map { try reader.traceRoot(ofHop: $0.id) }) == roots)
      }
    }
  }

  @Test(arguments: [1 << 16, 40])
  func `are the same ones in steps and in parts of time`(held: Int) throws {
    let mesh = try Self.mesh(try LogSetPlace.samples.load().sampled(to: 1500))
    try mesh.read { reader in
      try reader.snapshot {
        var whole: [(root: Int64, start: Int64)] = []
        try reader.forEachTrace { trace in
          whole.append((trace.root, trace.hops.first { $0.id == trace.root }?.startMicroseconds ?? 0))
        }
        let walk = try TraceWalk(reader, holding: held)
        var stepped: [Int64] = []
        var steps = 1
        var left = 3
        while try walk.run(
          while: { left > 0 },
          {
            stepped.append($0.root); left -= 1
          })
        {
          steps += 1
          left = 3
        }
        #expect(stepped == whole.map(\.root) && steps > 50)
        let middle = whole[whole.count / 2].start
        for (since, until) in [(nil, middle), (middle, nil), (middle, middle + 1)] as [(Int64?, Int64?)] {
          var roots: [Int64] = []
          _ = try TraceWalk(reader, since: since, until: until, holding: held).run(while: { true }) {
            roots.append($0.root)
          }
          let expected = whole.filter { $0.start >= since ?? .min && $0.start < until ?? .max }.map(\.root)
          #expect(roots == expected && !roots.isEmpty)
        }
      }
    }
  }

  /// What was held is of another moment then.
  @Test func `go on behind the last one when the store has changed`() throws {
    let set = try LogSetPlace.samples.load().sampled(to: 600)
    let mesh = try Self.mesh(set)
    let reader = try StoreReader(path: mesh.database)
    let walk = try TraceWalk(reader)
    var roots: [Int64] = []
    var left = 20
    _ = try reader.snapshot {
      try walk.run(while: { left > 0 }) {
        roots.append($0.root)
        left -= 1
      }
    }
    try mesh.feed([LogFile(name: "x.default.odd-1.istio-proxy.log", lines: Array(Self.odd.prefix(2)))])
    try Correlate(database: mesh.database).run()
    try reader.snapshot {
      _ = try walk.run(while: { true }) {
        roots.append($0.root)
        let alone = try #require(try reader.trace(root: $0.root))
        #expect(alone.hops == $0.hops && alone.links == $0.links)
      }
      var whole: [Int64] = []
      try reader.forEachTrace { whole.append($0.root) }
      #expect(Set(roots).isSubset(of: whole) && Set(roots).count == roots.count && roots.count > 100)
      #expect(whole.suffix(50) == roots.suffix(50))
    }
  }
}
