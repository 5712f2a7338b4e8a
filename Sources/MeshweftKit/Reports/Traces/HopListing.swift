internal import AccessLog
internal import TraceStore

/// `meshweft hops`: hops in the order of their start, a chunk at a time, so that memory does not grow with them.
public struct HopListing: Reporting {
  private let database: String
  private let options: HopListingOptions

  /// Rows that are rendered together; a table's columns are as wide as its first chunk needs.
  private static let chunk = 1000

  /// Lists the store at `database`.
  public init(database: String, options: HopListingOptions = HopListingOptions()) {
    self.database = database
    self.options = options
  }

  /// What is longer than `StoreLimits.stepBytes` is read in steps, see there.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    let reader = try UpToDateStore.readerOfAnyLinks(database)
    var filter = filter()
    var stream = ReportStream(
      schema: "meshweft.hops/1", rowsKey: "hops", columns: HopListing.columns, form: form, ink: output.ink)
    let notes = try ReadingSteps(reader).run(
      { isFirst in
        guard isFirst else { return try step(reader, &filter, &stream) }
        let matches = try ServiceName.notes(options.service, reader)
        let anchored = try options.window.resolved { try reader.newestStart() }
        filter.sinceMicroseconds = anchored.since
        filter.untilMicroseconds = anchored.until
        var first = try step(reader, &filter, &stream)
        first.notes = matches + anchored.notes
        return first
      }, output: { try output.take($0) })
    notes.forEach(output.note)
    return .fine
  }

  /// Bytes of a step; tests make it small, so that there are many.
  var stepBytes = StoreLimits.stepBytes

  /// Ends the reading of rows when a step has enough of them.
  private struct Enough: Error {}

  /// Reads on behind `filter.after`, in whole chunks.
  private func step(
    _ reader: StoreReader, _ filter: inout HopFilter, _ stream: inout ReportStream
  ) throws -> ReadingSteps.Step {
    var step = ReadingSteps.Step()
    var rows: [[Report.Value]] = []
    var last = filter
    do {
      try reader.forEachHop(filter) { hop in
        rows.append(HopListing.row(hop))
        last.after = hop.id
        last.limit = last.limit.map { $0 - 1 }
        guard rows.count == HopListing.chunk else { return }
        step.bytes += stream.render(rows)
        step.start = hop.startMicroseconds
        rows.removeAll(keepingCapacity: true)
        if step.bytes.count >= stepBytes { throw Enough() }
      }
    } catch is Enough {
      filter = last
      return step
    }
    step.bytes += stream.render(rows) + stream.end()
    step.isLast = true
    return step
  }

  private func filter() -> HopFilter {
    var filter = HopFilter()
    filter.source = options.source
    filter.service = options.service
    filter.role = options.role?.rawValue
    filter.limit = options.limit
    for field in options.fields { filter.fields[field.name] = field.value }
    filter.status = options.status?.code.map(Int.init)
    filter.statusClass = options.status?.hundreds.map(Int.init)
    return filter
  }
}

extension HopListing {
  private static func column(
    _ key: String, _ header: String, wide: Bool = false, right: Bool = false, drop: Int? = nil,
    _ shortening: Report.Column.Shortening = .middle
  ) -> Report.Column {
    Report.Column(
      key: key, header: header, isWide: wide, alignsRight: right, dropOrder: drop, shortening: shortening)
  }

  static let columns: [Report.Column] =
    [
      column("start_time", "START", .never), column("role", "ROLE"), column("pod", "POD"),
      column("mesh_cluster", "MESH CLUSTER", drop: 2), column("method", "METHOD", drop: 4),
      column("path", "PATH"),
      column("response_code", "CODE", right: true), column("response_flags", "FLAGS", drop: 5),
      column("duration_ms", "MS", right: true), column("service", "SERVICE", drop: 3, .service),
      column("upstream_host", "UPSTREAM HOST", drop: 1),
      column("request_id", "REQUEST ID", wide: true), column("source", "SOURCE", wide: true),
      column("line", "LINE", wide: true, right: true), column("namespace", "NAMESPACE", wide: true),
      column("container", "CONTAINER", wide: true), column("workload", "WORKLOAD", wide: true),
      column("authority", "AUTHORITY", wide: true), column("protocol", "PROTOCOL", wide: true),
      column("bytes_received", "RECEIVED", wide: true, right: true),
      column("bytes_sent", "SENT", wide: true, right: true),
      column("upstream_service_time_ms", "UPSTREAM MS", wide: true, right: true),
      column("upstream_local_address", "UPSTREAM LOCAL", wide: true),
      column("downstream_local_address", "DOWNSTREAM LOCAL", wide: true),
      column("downstream_remote_address", "DOWNSTREAM REMOTE", wide: true),
      column("subset", "SUBSET", wide: true),
      column("trace_id", "TRACE ID", wide: true), column("user_agent", "USER AGENT", wide: true),
      column("x_forwarded_for", "FORWARDED FOR", wide: true),
      column("requested_server_name", "SERVER NAME", wide: true),
      column("upstream_cluster", "UPSTREAM CLUSTER", wide: true),
    ] + AttributeText.all.map { column($0.name, $0.header, wide: true) } + [
      column("anomalies", "ANOMALIES", wide: true)
    ]

  static func row(_ hop: StoredHop) -> [Report.Value] {
    [
      .text(hop.startTime ?? String(hop.startMicroseconds)), .text(hop.role), text(hop.pod),
      text(hop.meshCluster),
      text(hop.method), text(hop.path), integer(hop.responseCode.map(Int64.init)), .texts(hop.responseFlags),
      hop.durationMicroseconds.map(Report.Value.milliseconds) ?? .missing, text(hop.service),
      text(hop.upstreamHost),
      text(hop.requestID), .text(hop.source), .integer(hop.line), text(hop.namespace), text(hop.container),
      text(hop.workload), text(hop.authority), text(hop.httpProtocol), integer(hop.bytesReceived),
      integer(hop.bytesSent), integer(hop.upstreamServiceTimeMilliseconds), text(hop.upstreamLocalAddress),
      text(hop.downstreamLocalAddress), text(hop.downstreamRemoteAddress), text(hop.subset),
      text(hop.traceID),
      text(hop.userAgent), text(hop.forwardedFor), text(hop.requestedServerName), text(hop.upstreamCluster),
    ] + hop.texts.map(text) + [.texts(hop.anomalies)]
  }

  /// Identity that is not known is an empty string in the store and missing everywhere else.
  private static func text(_ value: String?) -> Report.Value {
    guard let value, !value.isEmpty else { return .missing }
    return .text(value)
  }

  private static func integer(_ value: Int64?) -> Report.Value { value.map(Report.Value.integer) ?? .missing }
}
