import AccessLog
import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Kubernetes objects among the logs.
@Suite struct `Kubernetes objects` {
  private typealias Pod = SituationLog.Pod

  private static let service = "cart.shop.svc.cluster.local:8000"

  /// Callers and hosts of one mesh cluster; `logged` hosts have a log, and the last one of all gets nothing.
  private static func log(hosts: Int = 4, logged: Int = 3, served: Int = 3) -> SituationLog {
    let log = SituationLog(callers: 3, hosts: hosts, proxies: 0, hostCluster: "south")
    for caller in log.callers {
      for (place, host) in log.hosts.prefix(served).enumerated() {
        let connection = log.connect(caller, host, 0)
        for time in log.times(every: 0.5, to: 120) {
          log.request(connection, time, SituationLog.Request(served: place < logged))
        }
      }
    }
    return log
  }

  private static func objects(_ log: SituationLog, version: Int = 1) -> ClusterObjects {
    var objects = ClusterObjects()
    for (place, pod) in (log.callers + log.hosts).enumerated() { objects.pod(pod, node: "node-\(place % 2)") }
    objects.node("node-0", zone: "zone-a")
    objects.node("node-1", zone: "zone-b")
    objects.service("cart", "shop", port: 8000, target: 8080, ready: log.hosts, version: version)
    return objects
  }

  private func imbalance(_ mesh: ScratchMesh) throws -> ServiceSpread {
    let report = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read()
    return try #require(report.services.first { $0.spread.service == Self.service }?.spread)
  }

  @Test(arguments: ClusterObjects.Form.allCases)
  func `are read in every form, and no line in them is one of a log`(form: ClusterObjects.Form) throws {
    let log = Self.log()
    let mesh = try ScratchMesh()
    let objects = Self.objects(log)
    let summary = try mesh.feed(stream: objects.lines(form), IngestOptions())
    #expect(summary.objects == Int64(objects.objects.count))
    #expect(summary.newObjects == summary.objects)
    #expect(summary.counts.stored == 0 && summary.counts.rejected == 0)
    let again = try mesh.feed(stream: objects.lines(form), IngestOptions())
    #expect(again.objects == summary.objects && again.newObjects == 0)
    let pods = try mesh.read { try $0.knownPods() }
    #expect(Set(pods.map(\.name)) == Set((log.callers + log.hosts).map(\.name)))
    #expect(Set(pods.map(\.workload)) == ["web", "cart"])
    #expect(Set(pods.map(\.zone)) == ["zone-a", "zone-b"])
    #expect(try mesh.read { try $0.sources() }.isEmpty)
  }

  @Test func `name hosts without a log and tell which got nothing`() throws {
    let log = Self.log(logged: 2)
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    #expect(try imbalance(mesh).hosts.count == 3)
    try mesh.feed(stream: Self.objects(log).lines(.json), IngestOptions())
    let spread = try imbalance(mesh)
    #expect(Set(spread.hosts.values.map(\.pod)) == Set(log.hosts.map(\.name)))
    let idle = spread.hosts.values.filter(\.isIdle)
    #expect(idle.map(\.pod) == [log.hosts[3].name] && idle.map(\.host) == [log.hosts[3].address])
    let findings = try FindingsReport(database: mesh.database, options: FindingsOptions()).read().findings
    #expect(findings.contains { $0.kind == .idleHost && $0.subject.pod == log.hosts[3].name })
  }

  @Test func `of pods that came later or were gone say nothing of hosts`() throws {
    let log = Self.log(hosts: 6)
    var objects = ClusterObjects()
    for pod in log.hosts.prefix(4) { objects.pod(pod) }
    objects.pod(log.hosts[4], from: 4000)
    objects.pod(log.hosts[5], from: -9000, to: -4000)
    objects.service("cart", "shop", port: 8000, target: 8080, ready: log.hosts)
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    try mesh.feed(stream: objects.lines(.yaml), IngestOptions())
    #expect(try imbalance(mesh).hosts.values.filter(\.isIdle).map(\.pod) == [log.hosts[3].name])
  }

  @Test func `of endpoints that are not ready name no host`() throws {
    let log = Self.log()
    var objects = ClusterObjects()
    for pod in log.hosts { objects.pod(pod) }
    objects.service(
      "cart", "shop", port: 8000, target: 8080, ready: Array(log.hosts.prefix(3)), notReady: [log.hosts[3]])
    let mesh = try ScratchMesh()
    try mesh.feed(log.files, IngestOptions())
    try mesh.feed(stream: objects.lines(.json), IngestOptions())
    #expect(try imbalance(mesh).hosts.values.filter(\.isIdle).isEmpty)
  }

  @Test func `name lines that nobody named`() throws {
    let log = Self.log()
    let mesh = try ScratchMesh()
    try mesh.feed(stream: log.files.flatMap(\.lines), IngestOptions())
    try mesh.feed(stream: Self.objects(log).lines(.yaml), IngestOptions())
    _ = try imbalance(mesh)
    let sources = try mesh.read { try $0.sources() }
    #expect(Set(sources.map(\.origin.pod)) == Set((log.callers + log.hosts.prefix(3)).map(\.name)))
    #expect(Set(sources.map(\.origin.namespace)) == ["front", "shop"])
  }

  @Test func `that contradict, or whose pod came after the lines, name nobody`() throws {
    let log = Self.log(hosts: 2, logged: 2, served: 2)
    var objects = ClusterObjects()
    // Two pods claim the first host's address; the second host's is that of a later pod.
    var other = log.hosts[0]
    other.name = "other-7c9d8f6b5x-zx2z4"
    objects.pod(log.hosts[0])
    objects.pod(other)
    objects.pod(log.hosts[1], from: 3000)
    let mesh = try ScratchMesh()
    try mesh.feed(stream: log.files.flatMap(\.lines), IngestOptions())
    try mesh.feed(stream: objects.lines(.json), IngestOptions())
    _ = try imbalance(mesh)
    #expect(try mesh.read { try $0.sources() }.allSatisfy { $0.origin.pod.isEmpty })
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `give the same content in any order, among any logs`(seed: UInt64) throws {
    let log = Self.log()
    var random = SplitMix64(seed: seed)
    var newer = ClusterObjects()
    newer.pod(log.hosts[0], node: "node-7", version: 9, to: 90)
    newer.service("cart", "shop", port: 8000, target: 8080, ready: Array(log.hosts.prefix(3)), version: 8)
    let all = Self.objects(log).objects + newer.objects
    func feed() throws -> ScratchMesh {
      let mesh = try ScratchMesh()
      var feedings: [() throws -> Void] = log.files.map { file in
        {
          try mesh.feed(
            random.pick([true, false]) ? file.lines.isEmpty ? [] : [file] : [file], IngestOptions())
        }
      }
      let shuffled = all.shuffled(using: &random)
      let cut = Int.random(in: 0...shuffled.count, using: &random)
      for part in [shuffled[..<cut], shuffled[cut...]] where !part.isEmpty {
        let lines = ClusterObjects(objects: Array(part)).lines(random.pick(ClusterObjects.Form.allCases))
        feedings.append {
          var options = IngestOptions()
          options.meshCluster = "south"
          try mesh.feed(stream: lines, options)
        }
      }
      for feeding in feedings.shuffled(using: &random) { try feeding() }
      _ = try imbalance(mesh)
      return mesh
    }
    let (one, other) = (try feed(), try feed())
    #expect(firstDifference(try one.dump(), try other.dump()) == nil)
    #expect(try one.export() == other.export())
    #expect(try one.read { try $0.knownPods() } == other.read { try $0.knownPods() })
    #expect(
      try one.read { try $0.knownServices() }.map { "\($0)" }
        == other.read { try $0.knownServices() }.map { "\($0)" })
    let (first, second) = (try imbalance(one), try imbalance(other))
    #expect(first.hosts.keys.sorted() == second.hosts.keys.sorted())
    #expect(first.hosts.values.filter(\.isIdle).isEmpty, "the newer list has three")
    #expect(try StoreCheck(database: one.database).problems() == [])
  }

  @Test func `that are wrong are left out, and the lines beside them are read`() throws {
    let log = Self.log()
    let line = try #require(log.files.first?.lines.first)
    let wrong = [
      #"{"apiVersion":"v1","kind":"Pod","metadata":{}}"#,
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"A B","namespace":"shop"}}"#,
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"../x"},"status":{"podIP":"10.0.0.1"}}"#,
      #"{"apiVersion":"v1","kind":"Pod","metadata":"a"}"#,
      #"{"apiVersion":7,"kind":"Node","metadata":{"name":7}}"#,
      "apiVersion: v1", "kind: Pod", "metadata: &a", "  name: *a", "---",
      "apiVersion: v1", "items:", "- apiVersion: v1", "  kind: Pod", "  metadata:", "      name: x",
      "   namespace: y",
    ].map { Array($0.utf8) }
    let mesh = try ScratchMesh()
    let summary = try mesh.feed(stream: wrong + [line] + wrong + [line], IngestOptions())
    #expect(summary.objects == 0)
    #expect(summary.counts.stored == 2, "\(summary.counts)")
  }
}
