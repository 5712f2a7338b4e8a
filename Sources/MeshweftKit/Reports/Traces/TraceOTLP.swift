internal import Correlation
internal import TraceStore

/// A trace as OTLP/JSON, which Jaeger and Tempo load.
///
/// The mapping is the published one (opentelemetry-proto, "OTLP/JSON"): ids as hex, 64-bit numbers as strings, enums
/// as numbers. One resource per pod; span ids come from what a hop is, so that the same trace always has the same.
/// Times are on the clock of the trace's first hop, `meshweft.clock_ahead_ms` says by how much a hop's own is ahead.
/// A carrier is an event of the request that it carried: a connection lives for hours and is nobody's parent.
struct TraceOTLP {
  private let view: TraceView

  init(_ view: TraceView) { self.view = view }

  func write(to writer: inout JSONWriter) {
    let byPod = Dictionary(grouping: view.rows, by: { TraceText.place($0.hop) })
    writer.object { writer in
      writer.key("resourceSpans")
      writer.array(byPod.keys.sorted()) { writer, place in
        let rows = byPod[place] ?? []
        writer.object { writer in
          if let first = rows.first { writer.member("resource") { resource(first.hop, &$0) } }
          writer.key("scopeSpans")
          writer.array { writer in
            writer.object { writer in
              writer.member("scope") { writer in
                writer.member("name", "meshweft")
                writer.member("version", MeshweftVersion.text)
              }
              writer.key("spans")
              writer.array(rows) { writer, row in writer.object { span(row, &$0) } }
            }
          }
        }
      }
    }
  }

  private func resource(_ hop: StoredHop, _ writer: inout JSONWriter) {
    let workload = hop.workload.isEmpty ? (hop.pod.isEmpty ? hop.source : hop.pod) : hop.workload
    writer.key("attributes")
    writer.array { writer in
      attribute("service.name", workload, &writer)
      attribute("k8s.cluster.name", hop.meshCluster, &writer)
      attribute("k8s.namespace.name", hop.namespace, &writer)
      attribute("k8s.pod.name", hop.pod, &writer)
      attribute("k8s.container.name", hop.container, &writer)
    }
  }

  /// Span kinds of opentelemetry-proto `trace.proto`: 2 server, 3 client, 1 internal.
  private func span(_ row: TraceView.Row, _ writer: inout JSONWriter) {
    let hop = row.hop
    writer.member("traceId", view.trace.id)
    writer.member("spanId", TraceOTLP.spanID(hop))
    if let parent = row.link?.parent.flatMap({ view.hop($0.target) }) {
      writer.member("parentSpanId", TraceOTLP.spanID(parent))
    }
    writer.member(
      "name", [hop.method ?? "TCP", hop.service ?? ""].filter { !$0.isEmpty }.joined(separator: " "))
    writer.member("kind", hop.role == "server" ? 2 : hop.role == "client" ? 3 : 1)
    let start = view.times.start(of: hop)
    writer.member("startTimeUnixNano", TraceOTLP.nanoseconds(start))
    writer.member(
      "endTimeUnixNano", TraceOTLP.nanoseconds(start &+ max(0, hop.durationMicroseconds ?? 0)))
    writer.key("attributes")
    writer.array { attributes(row, &$0) }
    let carriers = (row.link?.carriers ?? []).compactMap { claim in view.hop(claim.target).map { (claim, $0) }
    }
    if !carriers.isEmpty {
      writer.key("events")
      writer.array(carriers) { writer, carrier in writer.object { event(carrier.0, carrier.1, hop, &$0) } }
    }
    // Status codes of opentelemetry-proto: 0 unset, 2 error.
    let failed = (hop.responseCode ?? 0) >= 500 || (hop.method != nil && hop.responseCode == 0)
    writer.member("status") { $0.member("code", failed ? 2 : 0) }
  }

  /// Names of the OpenTelemetry semantic conventions where there is one, else `envoy.…`.
  private func attributes(_ row: TraceView.Row, _ writer: inout JSONWriter) {
    let hop = row.hop
    attribute("http.request.method", hop.method, &writer)
    attribute("url.path", hop.path, &writer)
    attribute("http.response.status_code", hop.responseCode.map(Int64.init), &writer)
    attribute("server.address", hop.authority, &writer)
    attribute("user_agent.original", hop.userAgent, &writer)
    attribute("http.request.header.x-request-id", hop.requestID, &writer)
    attribute(
      "envoy.response_flags", hop.responseFlags.isEmpty ? nil : hop.responseFlags.joined(separator: ","),
      &writer)
    attribute("envoy.upstream_host", hop.upstreamHost, &writer)
    attribute("envoy.upstream_cluster", hop.upstreamCluster, &writer)
    attribute("http.request.body.size", hop.bytesReceived, &writer)
    attribute("http.response.body.size", hop.bytesSent, &writer)
    attribute("meshweft.role", hop.role, &writer)
    attribute("meshweft.source", "\(hop.source):\(hop.line)", &writer)
    let ahead = view.times.ahead(hop)
    if ahead != 0 {
      attribute(
        "meshweft.clock_ahead_ms", Decimals.text(Double(ahead) / 1000, digits: 3, trimmed: true), &writer)
    }
    if let link = row.link {
      attribute("meshweft.carrier", link.carrierStatus.name, &writer)
      if let parent = link.parent {
        attribute(
          "meshweft.parent.confidence", Decimals.text(parent.confidence, digits: 4, trimmed: true), &writer)
        attribute("meshweft.parent.evidence", parent.evidence.names.joined(separator: ","), &writer)
      }
    }
  }

  private func event(_ claim: StoredClaim, _ proxy: StoredHop, _ hop: StoredHop, _ writer: inout JSONWriter) {
    writer.member("timeUnixNano", TraceOTLP.nanoseconds(view.times.start(of: hop)))
    writer.member("name", "carrier")
    writer.key("attributes")
    writer.array { writer in
      attribute("k8s.pod.name", proxy.pod, &writer)
      attribute("k8s.cluster.name", proxy.meshCluster, &writer)
      attribute("meshweft.source", "\(proxy.source):\(proxy.line)", &writer)
      attribute("meshweft.connection.start", proxy.startTime, &writer)
      attribute("meshweft.connection.duration_ms", proxy.durationMicroseconds.map { $0 / 1000 }, &writer)
      attribute("envoy.upstream_host", proxy.upstreamHost, &writer)
      attribute("meshweft.confidence", Decimals.text(claim.confidence, digits: 4, trimmed: true), &writer)
    }
  }

  private func attribute(_ key: String, _ value: String?, _ writer: inout JSONWriter) {
    guard let value, !value.isEmpty else { return }
    writer.object { writer in
      writer.member("key", key)
      writer.member("value") { $0.member("stringValue", value) }
    }
  }

  private func attribute(_ key: String, _ value: Int64?, _ writer: inout JSONWriter) {
    guard let value else { return }
    writer.object { writer in
      writer.member("key", key)
      writer.member("value") { $0.member("intValue", String(value)) }
    }
  }

  private static func nanoseconds(_ microseconds: Int64) -> String {
    let (value, overflow) = max(0, microseconds).multipliedReportingOverflow(by: 1000)
    return String(overflow ? Int64.max : value)
  }

  /// 16 hex digits from the hop's key, never all zero.
  private static func spanID(_ hop: StoredHop) -> String {
    let digits = String(UInt64(bitPattern: hop.id) | 1 << 63, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension TraceView {
  /// One OTLP/JSON export request, one line.
  var otlp: [UInt8] {
    var writer = JSONWriter()
    TraceOTLP(self).write(to: &writer)
    writer.newline()
    return writer.bytes
  }
}
