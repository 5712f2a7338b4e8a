internal import AccessLog

/// After how long without a request the connections of a service are surely closed, where carriers show that there is
/// such a time.
///
/// An idle timeout shows as carriers that ended equally long after their last request, at different times. Without
/// it an idle connection may stay open for hours, and silence proves nothing.
struct IdleTimeouts {
  /// Carriers that have to agree, and what their idle times may differ by (measured: 3009 ... 3027 ms).
  static let agreeing = 3
  static let tolerance = 0.02
  /// Microseconds between the ends of two carriers that count as different occasions: a proxy that stops ends all its
  /// connections at once.
  static let apart: Int64 = 1_000_000
  /// Microseconds; what ends sooner after its last request was closed by it, not by silence.
  static let shortest: Int64 = 500_000
  /// "Much longer" than any silence that was seen: this factor, and a second.
  static let safety = 1.25

  private struct Service {
    /// By carrier: microseconds from the last request's end to its own end, and that end.
    var tails: [(tail: Int64, end: Int64)] = []
    var longestGap: Int64 = 0
    var longestRequest: Int64 = 0

    mutating func add(_ hop: Hop, after lastEnd: Int64) {
      longestRequest = max(longestRequest, hop.duration)
      if lastEnd != .min { longestGap = max(longestGap, hop.start - lastEnd) }
    }
  }

  /// By service + 1.
  private var bounds: [Int64?] = []

  /// Learns from the linked carriers; `reach` is, by pod + 1, up to when its log tells all requests that began.
  init(_ table: HopTable, _ links: LinkTable, reach: [Int64]) {
    var services = [Service](
      repeating: Service(), count: Int(table.proxies.lazy.map { table[$0].service }.max() ?? -1) + 2)
    var lastHop = [Int32](repeating: -1, count: table.hops.count)
    var lastEnd = [Int64](repeating: .min, count: table.hops.count)
    for hop in table.servers {
      let carrier = Int(links.carrier.target[Int(hop)])
      if carrier < 0 { continue }
      services[Int(table.hops[carrier].service) + 1].add(table[hop], after: lastEnd[carrier])
      lastEnd[carrier] = max(lastEnd[carrier], table[hop].end)
      lastHop[carrier] = hop
    }
    for carrier in table.proxies where lastHop[Int(carrier)] >= 0 {
      let end = table[carrier].end
      if end > reach[Int(table[lastHop[Int(carrier)]].pod) + 1] { continue }
      services[Int(table[carrier].service) + 1].tails.append((max(0, end - lastEnd[Int(carrier)]), end))
    }
    bounds = services.map(IdleTimeouts.bound)
  }

  /// Microseconds after a connection's last request by which it is surely closed; nil where that is not known.
  func bound(_ service: Int32) -> Int64? {
    let place = Int(service) + 1
    return place < bounds.count ? bounds[place] : nil
  }

  private static func bound(_ service: Service) -> Int64? {
    let tails = service.tails.sorted { ($1.tail, $1.end) < ($0.tail, $0.end) }
    guard tails.indices.contains(where: { agrees(tails[$0...]) }), let longest = tails.first?.tail else {
      return nil
    }
    let silence = Double(max(longest, service.longestGap)) * safety
    return Int64(silence) + 1_000_000 + service.longestRequest
  }

  /// Whether the first of these tails, longest first, is what an idle timeout makes.
  private static func agrees(_ tails: ArraySlice<(tail: Int64, end: Int64)>) -> Bool {
    guard let first = tails.first, first.tail >= shortest else { return false }
    let least = first.tail - Int64(Double(first.tail) * tolerance)
    let ends = tails.prefix { $0.tail >= least }.map(\.end).sorted()
    var occasions = 0
    var last = Int64.min / 2
    for end in ends where end - last >= apart {
      occasions += 1
      last = end
    }
    return occasions >= agreeing
  }
}
