internal import AccessLog

/// `meshweft explain UF,URX`: what Envoy's response flags mean and what usually is behind them.
///
/// Meanings follow Envoy's access log documentation (%RESPONSE_FLAGS%); causes are what a mesh with cross-network
/// proxies makes of them.
public struct FlagGuide: TableReporting {
  private let flags: String

  /// `flags` is `UF,URX`, short or long names; empty for all.
  public init(flags: String) { self.flags = flags }

  /// - Throws: `UsageError` for a name that is no flag.
  public func read() throws -> Report {
    let known = ResponseFlags.names.map { (short: "\($0.short)", long: "\($0.long)") }
    let asked = flags.split { ", ".contains($0) }.map(String.init)
    var report = Report(schema: "meshweft.flags/1", rowsKey: "flags", columns: FlagGuide.columns)
    let chosen = try asked.map { name in
      guard let flag = known.first(where: { $0.short == name.uppercased() || $0.long == name }) else {
        throw UsageError(
          "\(Shown.text(name, limit: 40)) is not a response flag: `meshweft explain` lists all of them")
      }
      return flag
    }
    report.rows = (asked.isEmpty ? known : chosen).map { flag in
      let entry = FlagGuide.entries[flag.short]
      return [
        .text(flag.short), .text(flag.long), .text(entry?.meaning ?? "-"), .text(entry?.causes ?? "-"),
      ]
    }
    return report
  }

  private static let columns: [Report.Column] = [
    .init(key: "flag", header: "FLAG"), .init(key: "name", header: "NAME"),
    .init(key: "meaning", header: "MEANING"), .init(key: "likely_causes", header: "LIKELY CAUSES"),
  ]

  /// For people sentences, for programs a table.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    if form == .table { try output.take(Array(text().utf8)) } else { try read().write(as: form, to: output) }
    return .fine
  }

  /// A paragraph per flag.
  private func text() throws -> String {
    try read().rows.map { row in
      let cells = row.map(\.plain)
      return "\(cells[0])  \(cells[1])\n  \(cells[2])\n  Likely: \(cells[3])\n"
    }.joined(separator: "\n")
  }

  static func meaning(_ flag: String) -> String? { entries[flag]?.meaning }

  private static let entries: [String: (meaning: String, causes: String)] = [
    "UH": (
      "No healthy upstream host in the cluster.",
      "no endpoints, all ejected by outlier detection, or a subset that no pod has"
    ),
    "UF": (
      "The connection to the upstream host failed.",
      "nothing listens there, the border's EIP or a firewall drops it, or TLS and SNI do not fit"
    ),
    "UO": (
      "Circuit breaking: too many connections or pending requests.",
      "connectionPool limits of the DestinationRule are reached"
    ),
    "NR": (
      "No route matched, or no filter chain did.",
      "a VirtualService or Gateway lacks the host or path; at a proxy: an SNI that it does not know"
    ),
    "URX": (
      "Retries, or TCP connection attempts, are used up.",
      "the flag beside it says why each attempt failed"
    ),
    "NC": (
      "The upstream cluster does not exist.", "configuration not pushed yet, or a subset that was removed"
    ),
    "DT": (
      "The request or connection lived longer than allowed.", "max_stream_duration or maxConnectionDuration"
    ),
    "DC": (
      "The downstream closed the connection first.", "the client gave up: its own timeout, or its pod ended"
    ),
    "LH": ("The local service failed its health check.", "the app behind this sidecar is not ready"),
    "UT": (
      "The upstream did not answer in time.", "the route's timeout is shorter than what the server needs"
    ),
    "LR": ("This proxy reset the stream.", "a timeout or a filter of this sidecar"),
    "UR": ("The upstream reset the stream.", "the server's app or sidecar ended it in the middle"),
    "UC": (
      "The upstream closed the connection.",
      "the server restarted, or a keep-alive time that is shorter than the client's; at a border also a proxy "
        + "or load balancer that ends idle connections"
    ),
    "DI": ("Delayed by fault injection.", "a VirtualService with fault.delay"),
    "FI": ("Aborted by fault injection.", "a VirtualService with fault.abort"),
    "RL": ("Rate limited.", "a local or global rate limit answers 429"),
    "UAEX": ("Denied by external authorization.", "an AuthorizationPolicy with a CUSTOM action"),
    "RLSE": ("The rate limit service failed.", "the service cannot be reached"),
    "IH": (
      "A header that Envoy requires strictly is invalid.", "a client that sends x-envoy headers wrongly"
    ),
    "SI": ("The stream was idle for too long.", "stream_idle_timeout; a client that stopped reading"),
    "DPE": ("The downstream broke the protocol.", "plaintext on a TLS port, or a broken HTTP client"),
    "UPE": ("The upstream broke the protocol.", "the port's protocol is named wrongly (http, http2, tcp)"),
    "UMSDR": ("The upstream stream lived as long as it may.", "max_stream_duration of the upstream"),
    "RFCF": ("Answered from the cache filter.", "no failure"),
    "NFCF": (
      "The filter's configuration did not come in time.", "the control plane is slow or cannot be reached"
    ),
    "OM": ("The overload manager ended it.", "the proxy is short of memory or connections"),
    "DF": ("The name could not be resolved.", "DNS of a ServiceEntry with resolution: DNS"),
    "DO": ("Dropped because the cluster sheds load.", "drop_overload of the endpoints' configuration"),
    "DR": ("The downstream reset the stream.", "the client cancelled the request (HTTP/2 RST_STREAM)"),
    "UDO": ("Dropped: the cluster sheds all load.", "drop_overload of 100 %"),
  ]
}
