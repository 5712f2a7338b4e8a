internal import AccessLog

/// What all kinds are asked about: the lines of a window, and what arrived at whom.
struct FindingContext {
  let lines: FindingLines
  let table: AttemptTable
  /// By name.
  let services: [SpreadCase]
  private let serverLines: [Int: Int]

  init(_ lines: FindingLines, service: String?, endpoints: [Endpoint]?, _ known: KnownEndpoints) throws {
    self.lines = lines
    var table = AttemptTable(lines)
    let named = table.services.keys.filter { FindingContext.fits($0, service) }.sorted()
    if let endpoints {
      guard let only = named.first, named.count == 1 else {
        throw UsageError(
          "--endpoints lists one service's hosts: name the service, one of \(named.joined(separator: ", "))")
      }
      table.add(endpoints, to: only)
    } else {
      table.add(known, to: named)
    }
    self.table = table
    services = named.compactMap { name in table.services[name].map { SpreadCase(lines, $0) } }
    var counts: [Int: Int] = [:]
    for line in lines.lines {
      let set = lines.sets[Int(line.set)]
      counts[set.source, default: 0] += set.isCalled ? 1 : 0
    }
    serverLines = counts
  }

  /// Whether a service is the one that was asked for; nil asks for all.
  static func fits(_ name: String, _ asked: String?) -> Bool {
    asked.map { ServiceName.fits(name, asked: $0) } ?? true
  }

  /// Whether a log has lines, and none of a request to its pod.
  func isSilentServer(_ source: Int) -> Bool { serverLines[source] == 0 }

  /// The service with most requests over a proxy.
  func busiestBehind(proxy: Int) -> String? {
    services.map { ($0.service, $0.all.attempts.count { $0.proxy == Int32(proxy) }) }
      .filter { $0.1 > 0 }.max { $0.1 < $1.1 }?.0
  }
}
