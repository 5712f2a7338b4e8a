internal import AccessLog
internal import Correlation
internal import TraceStore

/// A trace as the object of `export traces` and `trace -o json`: `meshweft.trace/1`.
///
/// Times are as they were logged, but for the trace's own start and duration: these are on the first hop's clock.
struct TraceJSON {
  private let trace: StoredTrace
  private let times: TraceTimes
  private let index: [Int64: Int]
  /// Where a hop's texts have the kind of its log.
  private static let kindPlace = AttributeText.place(of: .accessLogType)

  init(_ trace: StoredTrace, _ clocks: TraceClocks) {
    self.trace = trace
    times = TraceTimes(trace, clocks)
    index = Dictionary(uniqueKeysWithValues: trace.hops.enumerated().map { ($0.element.id, $0.offset) })
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("schema", "meshweft.trace/1")
      writer.member("trace_id", trace.id)
      writer.member("start_time", Instant.text(times.start))
      writer.member("duration_ms", Double(times.duration) / 1000, digits: 3)
      writer.key("hops")
      writer.array(trace.hops) { writer, hop in writer.object { write(hop, to: &$0) } }
      let inferred = InferredHop.all(in: trace)
      if inferred.isEmpty { return }
      writer.key("inferred")
      writer.array(inferred) { writer, hop in writer.object { write(hop, to: &$0) } }
    }
  }

  private func write(_ hop: StoredHop, to writer: inout JSONWriter) {
    let kind = TraceJSON.kindPlace.flatMap { hop.texts[$0] }
    writer.member("role", kind == "ztunnel" ? "ztunnel" : hop.role)
    writer.member("source", hop.source)
    writer.member("line", hop.line)
    writer.member("mesh_cluster", hop.meshCluster.isEmpty ? nil : hop.meshCluster)
    writer.member("namespace", hop.namespace.isEmpty ? nil : hop.namespace)
    writer.member("pod", hop.pod.isEmpty ? nil : hop.pod)
    writer.member("start_time", hop.startTime)
    let ahead = times.ahead(hop)
    if ahead != 0 { writer.member("clock_ahead_ms", Double(ahead) / 1000, digits: 3) }
    writer.member("duration_ms", hop.durationMicroseconds.map { Double($0) / 1000 }, digits: 3)
    writer.member("method", hop.method)
    writer.member("path", hop.path)
    writer.member("authority", hop.authority)
    writer.member("response_code", hop.responseCode.map(Int64.init))
    writer.member("response_flags", hop.responseFlags)
    writer.member("request_id", hop.requestID)
    writer.member("service", hop.service)
    writer.member("upstream_host", hop.upstreamHost)
    writer.member("bytes_received", hop.bytesReceived)
    writer.member("bytes_sent", hop.bytesSent)
    if !hop.anomalies.isEmpty { writer.member("anomalies", hop.anomalies) }
    guard let link = trace.links[hop.id] else { return }
    writer.key("parent")
    if let parent = link.parent { claim(parent, to: &writer) } else { writer.null() }
    if link.isUndecided { writer.member("undecided", "parent") }
    writer.key("via")
    writer.array(link.carriers) { claim($1, to: &$0) }
    writer.member("carrier", link.carrierStatus.name)
  }

  private func write(_ hop: InferredHop, to writer: inout JSONWriter) {
    writer.member("role", hop.role)
    writer.member("hop", index[hop.hop].map(Int64.init))
    writer.member("relation", hop.relation.rawValue)
    writer.member("pod", hop.pod)
    writer.member("address", hop.address)
    writer.member("why", hop.why)
  }

  private func claim(_ claim: StoredClaim, to writer: inout JSONWriter) {
    guard let target = index[claim.target] else {
      writer.null()
      return
    }
    writer.object { writer in
      writer.member("hop", target)
      writer.member("confidence", claim.confidence, digits: 4)
      writer.key("evidence")
      writer.array { writer in
        for (evidence, name) in Evidence.names where claim.evidence.contains(evidence) { writer.string(name) }
      }
    }
  }
}
