import TestSupport
import Testing

@testable import MeshweftKit

/// A host is a mesh cluster and an address, and has a life.
@Suite struct `Hosts of one address` {
  private typealias Pod = SituationLog.Pod

  private func counts(_ log: SituationLog, named isNamed: Bool = true) throws -> [String: Int64] {
    let mesh = try feed(log, named: isNamed)
    let report = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read()
    let hosts =
      report.services.first { $0.spread.service.hasPrefix(SituationLog.service) }?.spread.hosts ?? [:]
    return Dictionary(uniqueKeysWithValues: hosts.values.map { ("\($0.meshCluster) \($0.pod)", $0.requests) })
  }

  /// `isNamed`: whether the files' names have the mesh cluster, or only pods are told.
  private func feed(_ log: SituationLog, named isNamed: Bool = true) throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    if isNamed {
      try mesh.feed(log.files, IngestOptions())
      return mesh
    }
    for file in log.files {
      var options = IngestOptions()
      options.pod = file.identity?.pod ?? ""
      try mesh.feed(stream: file.lines, options)
    }
    return mesh
  }

  /// Callers and a host in each of three mesh clusters, all with the same addresses; the first one's callers reach the third
  /// one's host over a border, too.
  private func threeClusters() -> (log: SituationLog, counts: [String: Int64]) {
    let log = SituationLog()
    var counts: [String: Int64] = [:]
    var hosts: [Pod] = []
    for (place, cluster) in ["east", "north", "west"].enumerated() {
      let caller = Pod(
        cluster: cluster, name: "web-7c9d8f6b5x-\(place)x2z4", ip: "10.0.0.5", namespace: "front")
      hosts.append(Pod(cluster: cluster, name: "cart-7c9d8f6b5x-\(place)x2z4", ip: "10.0.0.9"))
      let connection = log.connect(caller, hosts[place], 0)
      for time in log.times(every: Double(place + 1) * 0.5, to: 120) {
        log.request(connection, time)
        counts["\(cluster) \(hosts[place].name)", default: 0] += 1
      }
    }
    let far = log.connect(log.callers[0], hosts[1], 0, through: log.proxies[0])
    for time in log.times(every: 2, to: 120) {
      log.request(far, time)
      counts["north \(hosts[1].name)", default: 0] += 1
    }
    log.close(far, at: 121)
    return (log, counts)
  }

  @Test func `in three mesh clusters are three`() throws {
    let (log, expected) = threeClusters()
    #expect(try counts(log) == expected)
    let mesh = try feed(log)
    let paths = String(
      decoding: try PathsReport(database: mesh.database, service: nil, window: TimeWindow())
        .rendered(as: .csv), as: UTF8.self)
    for line in paths.split(separator: "\n") where line.contains("direct") {
      for cluster in ["east", "north", "west"] {
        #expect(line.split(separator: cluster).count != 2, "\(line) leads to another mesh cluster")
      }
    }
  }

  @Test func `of no known mesh cluster at one time are said to be in conflict`() throws {
    let mesh = try feed(threeClusters().log, named: false)
    let report = try FindingsReport(database: mesh.database, options: FindingsOptions()).read()
    #expect(report.findings.contains { $0.kind == .addressConflict && $0.subject.host == "10.0.0.9:8080" })
  }

  @Test func `one after the other are two, and neither got less than its share`() throws {
    let log = SituationLog()
    let heir = Pod(cluster: log.hosts[0].cluster, name: "cart-6b5x7c9d8f-kx2z4", ip: log.hosts[0].ip)
    var expected: [String: Int64] = [:]
    for (host, from, to) in [
      (log.hosts[0], 0.0, 140.0), (heir, 160, 300), (log.hosts[1], 0, 300), (log.hosts[2], 0, 300),
    ] {
      for turn in 0..<4 {
        let connection = log.connect(log.callers[turn], host, from, through: log.proxies[0])
        for time in log.times(every: 1, from: from + 0.2, to: to) {
          log.request(connection, time)
          expected["\(host.cluster) \(host.name)", default: 0] += 1
        }
        log.close(connection, at: to + 0.5)
      }
    }
    #expect(try counts(log) == expected)
    let mesh = try feed(log)
    let report = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read()
    #expect(report.services.first?.verdict == .balanced)
    #expect(report.services.first?.caveats.contains { $0.contains("took connections") } == false)
    let kinds = try FindingsReport(database: mesh.database, options: FindingsOptions()).read().findings.map(
      \.kind)
    #expect(!kinds.contains(.addressConflict))
  }

  @Test func `are the same hosts in whatever order their logs come`() throws {
    let log = threeClusters().log
    let mesh = try ScratchMesh()
    for file in log.files.reversed() { try mesh.feed([file], IngestOptions()) }
    #expect(difference(try mesh.export(), try feed(log).export()) == nil)
    let whole = try feed(log)
    let reports = try [mesh, whole].map { mesh in
      try LoadReport(database: mesh.database, options: LoadOptions()).rendered(as: .csv)
    }
    #expect(difference(reports[0], reports[1]) == nil)
    #expect(try StoreCheck(database: mesh.database).problems() == [])
  }
}
