internal import Correlation
internal import TraceStore

/// The evidence of a trace's links in words: `meshweft trace --explain`.
struct LinkSentences {
  private let view: TraceView

  init(_ view: TraceView) { self.view = view }

  var sentences: [String] { view.rows.flatMap(sentences(for:)) }

  /// Of one request's links.
  func sentences(for row: TraceView.Row) -> [String] {
    guard let link = row.link else { return [] }
    var lines: [String] = []
    if let parent = link.parent, let target = view.hop(parent.target) {
      lines.append(
        "\(name(row.hop)) belongs to \(name(target)): \(reasons(parent.evidence, row.hop)), "
          + "\(Decimals.percent(parent.confidence)) sure\(runnerUp(link)).")
    }
    if link.isUndecided {
      lines.append(
        "\(name(row.hop)) belongs to a request that was left undecided: so many come into question that to tell them apart "
          + "takes more than is done for one line. A request or trace id that the app passes on would tell.")
    }
    for claim in link.carriers {
      guard let carrier = view.hop(claim.target) else { continue }
      lines.append(
        "\(name(row.hop)) went over \(name(carrier)): \(reasons(claim.evidence, row.hop)), "
          + "\(Decimals.percent(claim.confidence)) sure\(link.parent == nil ? runnerUp(link) : "").")
    }
    if link.carriers.isEmpty, !row.hop.isTunnel {
      lines.append("\(name(row.hop)) has no carrier: \(TraceText.words(link.carrierStatus)).")
    }
    return lines + (view.inferred[row.hop.id] ?? []).map { $0.sentence + "." }
  }

  private func name(_ hop: StoredHop) -> String {
    "\(Shown.text(hop.source)):\(hop.line) (\(hop.isTunnel ? "ztunnel" : hop.role))"
  }

  private func runnerUp(_ link: StoredLink) -> String {
    guard let margin = link.margin, link.runnerUp != nil else { return "" }
    return ", ahead of the second best by \(Decimals.percent(margin))"
  }

  private func reasons(_ evidence: Evidence, _ hop: StoredHop) -> String {
    let sentences: [(Evidence, String)] = [
      (.requestID, "both have the request id \(Shown.text(hop.requestID ?? "", limit: 80))"),
      (.traceID, "the app passed the trace id on"),
      (.address, "both name the same TCP connection, and it was open then"),
      (.triangle, "the server hop that answered it came over this connection"),
      (.sequence, "the requests on both connections follow each other in the same order"),
      (.bytes, "the connection's bytes are what its requests add up to"),
      (.time, "service and times fit"),
    ]
    let found = sentences.filter { evidence.contains($0.0) }.map(\.1)
    return found.isEmpty ? "no evidence was kept" : found.joined(separator: " and ")
  }
}
