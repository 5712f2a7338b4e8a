internal import AccessLog
internal import Correlation
internal import TraceStore

/// One trace as the page gets it: its requests in the order of a waterfall, then the connections that carried them,
/// each with its evidence in words.
struct PageTrace {
  private let view: TraceView
  private let rows: [TraceView.Row]
  private let carriers: [StoredHop]
  /// By a hop's key: its number among `rows`, and among `carriers`.
  private let numbers: [Int64: Int]
  private let carrierNumbers: [Int64: Int]
  /// Microseconds since the epoch, and microseconds.
  private let start: Int64
  private let duration: Int64

  init(_ view: TraceView) {
    self.view = view
    let rows = Array(view.rows.prefix(PageLimits.hopsPerTrace))
    let wanted = Set(rows.flatMap { $0.link?.carriers.map(\.target) ?? [] })
    let carriers = view.trace.hops.filter { wanted.contains($0.id) }
    let span = PageTrace.span(rows, view.times)
    start = span?.start ?? view.times.start
    duration = span.map { $0.end &- $0.start } ?? view.times.duration
    self.rows = rows
    self.carriers = carriers
    numbers = Dictionary(rows.enumerated().map { ($0.element.hop.id, $0.offset) }) { first, _ in first }
    carrierNumbers = Dictionary(carriers.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first
    }
  }

  func write(to writer: inout JSONWriter) {
    let sentences = LinkSentences(view)
    writer.object { writer in
      writer.member("id", view.trace.id)
      writer.member("start_ms", Double(start) / 1000, digits: 3)
      writer.member("duration_us", duration)
      writer.member("omitted", view.rows.count - rows.count)
      writer.key("hops")
      writer.array(rows) { writer, row in
        writer.object { writer in
          write(row.hop, to: &writer)
          writeLinks(row, sentences, to: &writer)
        }
      }
      writer.key("carriers")
      writer.array(carriers) { writer, hop in writer.object { write(hop, to: &$0) } }
    }
  }

  /// First start and last end of what is shown, microseconds since the epoch, on the first hop's clock.
  private static func span(_ rows: [TraceView.Row], _ times: TraceTimes) -> (start: Int64, end: Int64)? {
    let starts = rows.map { times.start(of: $0.hop) }
    let ends = zip(starts, rows).map { $0 &+ max(0, $1.hop.durationMicroseconds ?? 0) }
    guard let start = starts.min(), let end = ends.max() else { return nil }
    return (start, max(start, end))
  }

  private func writeLinks(_ row: TraceView.Row, _ sentences: LinkSentences, to writer: inout JSONWriter) {
    writer.member("depth", row.depth)
    guard let link = row.link else { return }
    let parent = link.parent.flatMap { numbers[$0.target] }
    writer.member("parent", parent.map(Int64.init))
    writer.member("parent_confidence", link.parent?.confidence, digits: 4)
    writer.key("via")
    writer.array(link.carriers) { writer, claim in
      writer.array { writer in
        if let number = carrierNumbers[claim.target] { writer.integer(Int64(number)) } else { writer.null() }
        writer.number(claim.confidence, digits: 4)
      }
    }
    writer.member("carrier", link.carrierStatus.name)
    writer.member("carrier_words", TraceText.words(link.carrierStatus))
    writer.member("why", sentences.sentences(for: row))
  }

  private func write(_ hop: StoredHop, to writer: inout JSONWriter) {
    writer.member("role", hop.role)
    writer.member("workload", hop.workload.isEmpty ? (hop.pod.isEmpty ? hop.source : hop.pod) : hop.workload)
    writer.member("mesh_cluster", hop.meshCluster)
    writer.member("pod", hop.pod.isEmpty ? hop.source : hop.pod)
    writer.member("source", "\(hop.source):\(hop.line)")
    let offset = view.times.ahead(hop)
    writer.member("at_us", hop.startMicroseconds &- offset &- start)
    if offset != 0 { writer.member("clock_us", offset) }
    writer.member("duration_us", hop.durationMicroseconds)
    writer.member("code", hop.responseCode.map(Int64.init))
    if !hop.responseFlags.isEmpty { writer.member("flags", hop.responseFlags) }
    let texts: [(String, String?)] = [
      ("method", hop.method), ("path", hop.path), ("authority", hop.authority), ("service", hop.service),
      ("protocol", hop.httpProtocol), ("request_id", hop.requestID), ("upstream_host", hop.upstreamHost),
      ("upstream_local", hop.upstreamLocalAddress), ("downstream_local", hop.downstreamLocalAddress),
      ("downstream_remote", hop.downstreamRemoteAddress), ("agent", hop.userAgent),
      ("details", hop[.responseCodeDetails]), ("failure", hop[.upstreamTransportFailureReason]),
      ("sni", hop.role == "proxy" ? hop.requestedServerName : nil),
    ]
    for (name, text) in texts { if let text, !text.isEmpty { writer.member(name, PageTrace.cut(text)) } }
    writer.member("bytes_received", hop.bytesReceived)
    writer.member("bytes_sent", hop.bytesSent)
    if !hop.anomalies.isEmpty { writer.member("anomalies", hop.anomalies) }
  }

  /// A client may send a path of a megabyte.
  private static func cut(_ text: String) -> String {
    let cut = text.unicodeScalars.prefix(PageLimits.textCharacters)
    return cut.endIndex == text.unicodeScalars.endIndex ? text : String(cut) + "…"
  }
}
