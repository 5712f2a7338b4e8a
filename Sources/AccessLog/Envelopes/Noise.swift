/// Lines in a proxy's log that no parser took: foreign, or an access log that is broken.
///
/// What is certainly no access log (the proxy's own messages, stack traces, an app's lines) is skipped; what begins
/// or goes on as one does is rejected, so that a user sees how much was lost.
package enum Noise {
  package enum Verdict: Sendable, Equatable {
    case skipped, rejected
  }

  /// Judges a line, without its envelope, that neither the JSON scanner nor any text layout could read.
  ///
  /// An object that is valid JSON but has no access-log fields does not come here: it is skipped.
  package static func classify(_ body: Span<UInt8>) -> Verdict {
    let start = JSONWalk.skipSpace(body, from: 0)
    guard start < body.count else { return .skipped }
    switch body[start] {
    case 0x7B: return classifyObject(body, from: start)
    case 0x5B: return classifyBracket(body, from: start)
    default:
      if ZtunnelLine.isAt(body, start) {
        return ZtunnelLine(body, at: start).isOpening ? .skipped : .rejected
      }
      return holdsAccessLogKey(body, from: start) ? .rejected : .skipped
    }
  }

  /// `{"…` and `{}…` are broken objects; a brace before anything else is somebody's code or dump.
  private static func classifyObject(_ body: Span<UInt8>, from start: Int) -> Verdict {
    let next = JSONWalk.skipSpace(body, from: start + 1)
    guard next < body.count else { return .rejected }
    guard body[next] == 0x22 || body[next] == 0x7D else {
      return holdsAccessLogKey(body, from: start) ? .rejected : .skipped
    }
    // Istio's and Envoy's own messages as JSON, cut short.
    if body.holds("\"level\":", at: next), !holdsAccessLogKey(body, from: start) { return .skipped }
    return .rejected
  }

  /// `[2024-05-23T…` is a text line, `[{` and `[[` are broken JSON; Envoy's own messages are
  /// `[2024-05-23 10:06:27.289][15][critical][…] …`, and a short array (`[1,2]`) is nothing of ours.
  private static func classifyBracket(_ body: Span<UInt8>, from start: Int) -> Verdict {
    let next = start + 1
    guard next < body.count else { return .skipped }
    if body[next] == 0x7B || body[next] == 0x5B { return .rejected }
    guard isDate(body, at: next) else { return holdsAccessLogKey(body, from: start) ? .rejected : .skipped }
    if let close = body.first(0x5D, from: next, to: min(body.count, next + 48)), body.holds("][", at: close) {
      return .skipped
    }
    return next + 10 < body.count && body[next + 10] == 0x20 ? .skipped : .rejected
  }

  /// `YYYY-MM-DD`, or as much of it as there is before the line ends.
  private static func isDate(_ body: Span<UInt8>, at start: Int) -> Bool {
    for offset in 0..<min(10, body.count - start) {
      let byte = body[start + offset]
      guard offset == 4 || offset == 7 ? byte == 0x2D : byte.isDigit else { return false }
    }
    return body.count - start >= 3
  }

  /// Keys that only access logs have: the end of a line whose beginning was lost (a rotated file, a lost part).
  private static func holdsAccessLogKey(_ body: Span<UInt8>, from start: Int) -> Bool {
    let range = start..<body.count
    return body.contains("\"upstream_cluster\":", in: range)
      || body.contains("\"response_flags\":", in: range)
      || body.contains("\"downstream_remote_address\":", in: range)
      || body.contains("\"connection complete\"", in: range)
  }
}
