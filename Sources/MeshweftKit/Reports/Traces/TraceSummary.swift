internal import Correlation
internal import TraceStore

/// One trace in a line.
struct TraceSummary {
  let id: String
  /// Microseconds since the epoch, and microseconds.
  let start: Int64
  let duration: Int64
  /// Sum over its legs of the client's duration less the server's; nil where no leg has both.
  let border: Int64?
  let first: StoredHop?
  /// `sleep@ack1 → istio-asm-cross-network@ack2 → httpbin@ack2`, in the order of the waterfall.
  let way: String
  /// Of its first hop.
  let carrier: String
  let hops: Int

  init(_ view: TraceView) {
    id = view.trace.id
    start = view.times.start
    duration = view.times.duration
    first = view.rows.first?.hop
    hops = view.trace.hops.count
    carrier = view.rows.first?.link?.carrierStatus.name ?? "unknown"
    var border: Int64?
    for row in view.rows where row.hop.role == "client" || row.hop.role == "gateway" {
      guard let client = row.hop.durationMicroseconds,
        let server = view.answers(to: row.hop).last?.durationMicroseconds
      else { continue }
      border = (border ?? 0) &+ max(0, client &- server)
    }
    self.border = border
    way = TraceSummary.way(view)
  }

  private static func way(_ view: TraceView) -> String {
    var places: [String] = []
    for row in view.rows {
      let carriers = (row.link?.carriers ?? []).compactMap { view.hop($0.target) }
      let came = carriers.filter { TraceSummary.isBefore($0, row.hop) }
      let went = carriers.filter { !TraceSummary.isBefore($0, row.hop) }
      for hop in came + [row.hop] + went {
        let name = hop.workload.isEmpty ? hop.pod.isEmpty ? hop.source : hop.pod : hop.workload
        let place = hop.meshCluster.isEmpty ? name : name + "@" + hop.meshCluster
        if places.last != place { places.append(place) }
      }
    }
    return places.joined(separator: " → ")
  }

  /// Whether a request came to who logged it over a carrier, and did not go on over it.
  private static func isBefore(_ carrier: StoredHop, _ hop: StoredHop) -> Bool {
    switch hop.role {
    case "server": true
    case "gateway":
      // A ztunnel's outbound line is of who called, and an SNI proxy called the gateway where it is the host.
      carrier.role == "client"
        || carrier.upstreamHost != nil && carrier.upstreamHost == hop.downstreamLocalAddress
    default: false
    }
  }
}
