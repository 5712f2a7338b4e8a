internal import Correlation
internal import TraceStore

/// A trace for people: a waterfall of its requests, then for each leg what the border cost and what carried it.
struct TraceText {
  private let view: TraceView
  private let explains: Bool
  private let ink: Ink

  /// `explains` adds the evidence of every link, in sentences.
  init(_ view: TraceView, explains: Bool = false, ink: Ink = .none) {
    self.view = view
    self.ink = ink
    self.explains = explains
  }

  /// Lines for a terminal, nothing in them can move its cursor.
  var text: String {
    let times = spansDays ? " to \(Instant.text(view.times.start &+ view.times.duration))" : ""
    var lines = [
      "trace \(view.trace.id)   \(Instant.text(view.times.start))\(times)   \(TraceText.milliseconds(view.times.duration))"
    ]
    lines += clockNotes + [""]
    lines += waterfall()
    let legs = rows.filter { $0.hop.role == "client" || $0.hop.role == "gateway" }.flatMap(leg)
    if !legs.isEmpty { lines += [""] + legs }
    let inferred = rows.flatMap { view.inferred[$0.hop.id] ?? [] }
    if !inferred.isEmpty { lines += [""] + inferred.map { "(" + $0.sentence + ")" } }
    if explains {
      let sentences = LinkSentences(view)
      lines += [""] + rows.flatMap(sentences.sentences(for:))
    }
    let rest = view.rows.count - rows.count
    if rest > 0 { lines += ["", "\(Quantity.counted(Int64(rest), "more request")): -o json has all."] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is shown: one id that thousands of requests bear makes one trace of them.
  private var rows: ArraySlice<TraceView.Row> { view.rows.prefix(TraceText.shownRequests) }

  /// Requests of one trace at most; who looks for more than that wants `-o json`.
  private static let shownRequests = 200

  private var spansDays: Bool { Waterfall.spansDays(view) }

  private func waterfall() -> [String] { Waterfall(view, rows, ink).lines }

  /// `ack2's clock is 5003 ms ahead: its hops are shown on ack1's.`
  private var clockNotes: [String] {
    view.times.aheads.sorted { $0.key < $1.key }.map { cluster, ahead in
      let reference =
        view.times.meshCluster.isEmpty ? "the first hop" : Shown.text(view.times.meshCluster, limit: 60)
      return "\(Shown.text(cluster, limit: 60))'s clock is \(TraceText.about(abs(ahead))) "
        + "\(ahead > 0 ? "ahead" : "behind"): its hops are shown on \(reference)'s."
    }
  }

  private func leg(_ row: TraceView.Row) -> [String] {
    let answers = view.answers(to: row.hop)
    var lines = [
      "\(TraceText.place(row.hop)) → \(Shown.text(row.hop.service ?? row.hop.upstreamHost ?? "?", limit: 80))"
    ]
    if let client = row.hop.durationMicroseconds, let server = answers.last?.durationMicroseconds {
      let attempts = answers.count > 1 ? "  (last of \(answers.count) attempts)" : ""
      lines.append(
        "  client \(TraceText.milliseconds(client))  =  server \(TraceText.milliseconds(server))"
          + "  +  border \(TraceText.milliseconds(client - server))\(attempts)")
    } else if answers.isEmpty {
      lines.append("  no server hop is linked: \(TraceText.whyUnanswered(row.hop))")
    }
    lines += (row.link?.carriers ?? []).compactMap { carrier($0, of: row.hop) }
    if row.link?.carriers.isEmpty ?? true, let status = row.link?.carrierStatus {
      lines.append("  carrier: \(TraceText.words(status))")
    }
    return lines
  }

  /// The facts of the connection that a request went over.
  private func carrier(_ claim: StoredClaim, of client: StoredHop) -> String? {
    guard let proxy = view.hop(claim.target) else { return nil }
    let age = view.times.start(of: client) - view.times.start(of: proxy)
    let opened =
      age >= 0
      ? "\(Waterfall.moment(age, proxy, view)) old"
      : "opened \(Waterfall.moment(-age, proxy, view)) after the request"
    let lived = proxy.durationMicroseconds.map { ", lived \(TraceText.milliseconds($0))" } ?? ""
    let to = proxy.upstreamHost.map { " to \(Shown.text($0, limit: 60))" } ?? ""
    let sure = claim.confidence < 0.9995 ? ", \(Decimals.percent(claim.confidence)) sure" : ""
    let kind = proxy.isTunnel ? "ztunnel of " : ""
    return "  carrier: \(kind)\(TraceText.place(proxy))\(to), \(opened)\(lived)\(sure)"
  }

  static func words(_ status: CarrierStatus) -> String {
    switch status {
    case .linked: "linked"
    case .notLoggedYet: "not logged yet (a proxy logs a connection when it closes)"
    case .missing: "its line is missing from the proxy's log"
    case .direct: "none, the request crossed no cross-network proxy"
    case .unknown: "unknown"
    }
  }

  private static func whyUnanswered(_ hop: StoredHop) -> String {
    hop.responseFlags.isEmpty
      ? "the server's log may be missing" : "flags \(hop.responseFlags.joined(separator: ","))"
  }

  /// `sleep-x@ack1`
  static func place(_ hop: StoredHop) -> String {
    let pod = hop.pod.isEmpty ? hop.source : hop.pod
    return Shown.text(pod + (hop.meshCluster.isEmpty ? "" : "@" + hop.meshCluster), limit: 80)
  }

  static func milliseconds(_ microseconds: Int64?) -> String {
    guard let microseconds else { return "-" }
    return Decimals.text(Double(microseconds) / 1000, digits: 3, trimmed: true) + " ms"
  }

  static func about(_ microseconds: Int64) -> String {
    "~\(Decimals.text(Double(microseconds) / 1000, digits: 0)) ms"
  }
}
