internal import AccessLog
internal import Queries
internal import TraceStore

/// What ambient's proxies do not log: waypoints that connections went to, ztunnels of hosts that were called through tunnels.
///
/// Reads what lines have in common, not the lines.
struct AmbientGaps {
  private(set) var findings: [Doctor.Finding] = []
  /// Services whose waypoints have lines: their hosts have no sidecar, and so no log of requests.
  private(set) var services: Set<String> = []

  private static let tunnelPort = ":15008"
  private static let namedProxies = 3

  /// Of one service: the proxies that were asked for it, and the hosts that were called for it.
  private struct Asked {
    var waypoints: Set<String> = []
    var gateways: Set<String> = []
    var hosts: Set<String> = []
  }

  init(_ reader: StoreReader) throws {
    var asked: [String: Asked] = [:]
    var servers: Set<String> = []
    var served: Set<String> = []
    var hasTunnels = false
    try reader.run(.findingAttributes) { row in
      let set = FindingAttributes(row, 0)
      if set.role == .server, let address = set.downstreamLocal {
        servers.insert(address)
        if let service = set.service { served.insert(AmbientGaps.host(service)) }
      }
      if set.isTunnel { hasTunnels = true }
      guard let service = set.service, let host = set.upstreamHost else { return }
      if set.isWaypoint, !set.isConnection {
        services.insert(service)
        if set.upstreamLocalIP == nil, !set.isFailure { asked[service, default: Asked()].hosts.insert(host) }
      } else if set.isTunnel, set.role == .client, set.isHBONE, set.reason.isEmpty {
        if !host.hasSuffix(AmbientGaps.tunnelPort) {
          asked[service, default: Asked()].hosts.insert(host)
        } else if set.downstreamLocal != nil {
          asked[service, default: Asked()].waypoints.insert(set.authority ?? host)
        } else {
          asked[service, default: Asked()].gateways.insert(host)
        }
      }
    }
    guard hasTunnels || !services.isEmpty else { return }
    let visible = served.union(services.map(AmbientGaps.host))
    for (service, ends) in asked.sorted(by: { $0.key < $1.key }) {
      add(service, ends, servers, isVisible: visible.contains(AmbientGaps.host(service)))
    }
  }

  private static func host(_ service: String) -> String {
    service.lastIndex(of: ":").map { String(service[..<$0]) } ?? service
  }

  private mutating func add(_ service: String, _ ends: Asked, _ servers: Set<String>, isVisible: Bool) {
    if !ends.waypoints.isEmpty, !services.contains(service) {
      add(
        .gap, service,
        "Connections went to \(AmbientGaps.names(ends.waypoints, "waypoint")), and no request of them was logged there.",
        "Ingest the waypoint's log. Where it has none, turn its access log on: a Telemetry resource whose targetRefs name the "
          + "waypoint's Gateway, with accessLogging of the provider envoy. The listeners of its tunnels (connect_terminate, "
          + "connect_originate) log failures alone unless that resource has a filter of its own."
      )
    }
    if !ends.gateways.isEmpty, !isVisible {
      add(
        .gap, service,
        "Connections went to \(AmbientGaps.names(ends.gateways, "gateway")) of another network, and no line tells what was behind it.",
        "Ingest the logs of the ztunnels and waypoints of the other mesh cluster."
      )
    }
    let unseen = ends.hosts.subtracting(servers)
    if !unseen.isEmpty {
      add(
        .hint, service,
        "\(Quantity.counted(Int64(unseen.count), "host")) got connections through tunnels (HBONE), and no ztunnel's line is of "
          + "\(unseen.count == 1 ? "it" : "them").",
        "Ingest the logs of all ztunnels: `kubectl logs -n istio-system -l app=ztunnel --prefix --tail=-1`. A connection has its "
          + "line when it closes."
      )
    }
  }

  private static func names(_ all: Set<String>, _ kind: String) -> String {
    let names = all.sorted()
    let rest = names.count - namedProxies
    return (names.count == 1 ? "the \(kind) " : "the \(kind)s ")
      + names.prefix(namedProxies).map { Shown.text($0, limit: 80) }.joined(separator: ", ")
      + (rest > 0 ? " and \(Quantity.grouped(Int64(rest))) more" : "")
  }

  private mutating func add(
    _ level: Doctor.Finding.Level, _ subject: String, _ text: String, _ advice: String
  ) {
    findings.append(Doctor.Finding(level: level, subject: subject, text: text, advice: advice))
  }
}
