internal import AccessLog

/// Whether connections can have carried the requests that are said to have gone over them: what is not logged yet may have
/// carried some, and a connection that was closed beside it is none of theirs.
struct TunnelLoads {
  private let table: TunnelTable

  /// No claim about a connection that cannot have carried all of its requests is surer.
  private static let doubtful = 0.5
  /// Microseconds by which requests may overlap for how times are cut.
  private static let precision: Int64 = 2_000
  /// Connections of a kind from which is learned what a request costs beside its body, and the part of it that one costs at
  /// least.
  private static let leastSamples = 5
  private static let leastShare = 0.7

  init(_ table: TunnelTable) { self.table = table }

  private struct Kind: Hashable {
    var pod: Int32
    var peer: Int32
    var service: Int32
  }

  /// The claims, those in doubt with less confidence.
  func checked(_ claims: [TunnelClaim]) -> [TunnelClaim] {
    let byTunnel = Dictionary(grouping: claims.indices) { claims[$0].tunnel }
    var costs: [Kind: [Double]] = [:]
    for (tunnel, members) in byTunnel {
      if let cost = cost(tunnel, members.map { claims[$0].request }) {
        costs[kind(tunnel), default: []].append(cost)
      }
    }
    let usual = costs.filter { $0.value.count >= TunnelLoads.leastSamples }.mapValues {
      $0.sorted()[$0.count / 2]
    }
    var checked = claims
    for (tunnel, members) in byTunnel {
      let requests = members.map { claims[$0].request }
      guard isOverfull(tunnel, requests, usual[kind(tunnel)]) || overlap(requests) else { continue }
      for member in members {
        checked[member].confidence = min(TunnelLoads.doubtful, checked[member].confidence)
      }
    }
    return checked
  }

  private func kind(_ tunnel: Int) -> Kind {
    let hop = table.hops[tunnel]
    return Kind(pod: hop.pod, peer: hop.peer, service: hop.service)
  }

  /// Bytes of the connection beside the bodies of its requests, by request, in both directions; nil where not known.
  private func cost(_ tunnel: Int, _ requests: [Int]) -> Double? {
    let hop = table.hops[tunnel]
    guard hop.bytesReceived >= 0, hop.bytesSent >= 0 else { return nil }
    let bodies = requests.reduce(0.0) {
      $0 + Double(max(0, table.hops[$1].bytesReceived)) + Double(max(0, table.hops[$1].bytesSent))
    }
    return (Double(hop.bytesReceived) + Double(hop.bytesSent) - bodies) / Double(requests.count)
  }

  private func isOverfull(_ tunnel: Int, _ requests: [Int], _ usual: Double?) -> Bool {
    guard let cost = cost(tunnel, requests) else { return false }
    return cost < max(0, (usual ?? 0) * TunnelLoads.leastShare)
  }

  /// Whether requests of HTTP/1 overlap, which they never do on one connection.
  private func overlap(_ requests: [Int]) -> Bool {
    let hops = requests.map { table.hops[$0] }.filter { $0.httpVersion == 1 }
      .sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    return zip(hops, hops.dropFirst()).contains { $1.start + TunnelLoads.precision < $0.end }
  }
}
