internal import AccessLog
internal import Correlation

/// How far beyond a cut in time hops are looked at: as far as one request reaches around there.
///
/// A request and its server hop, and the calls that it makes, begin within the request's duration of each other (and
/// what the clocks are apart). Where ids tell which requests belong together, and addresses over which connection they
/// went, that is all there is to see; where they do not, whole connections are compared, and the more is seen of these
/// the better. Depends on the hops around the cut alone.
struct UnitMargin {
  /// Microseconds; also how far around the cut hops have a say in it.
  static let widest = CorrelationUnits.margin
  /// Microseconds: what a request needs beside its duration, for clocks and queues.
  private static let least: Int64 = 500_000
  /// Of a million requests as many may be longer, or further apart from their other end.
  private static let exceptions = 1_000
  /// One id in so many is looked up.
  private static let sampledIDs: UInt64 = 16
  /// The share of the hops at either end that must be found by their id, in percent.
  private static let expectedShare = 90

  private var durations = OctaveHistogram()
  private var distances = OctaveHistogram()
  private var clients: [WideKey: Int64] = [:]
  private var servers: [(id: WideKey, start: Int64)] = []
  private var withoutID = 0
  private var requests = 0
  private var ways = WaysAround()
  /// A ztunnel's connection has no id, and may carry requests for as long as it lasts.
  private var hasTunnels = false

  /// Microseconds around a cut (which is the first start after it). `hops` hold all that start within `widest` of it, and
  /// those before that were still open then and lasted for `widest` or longer. What else they hold changes nothing: which
  /// units were loaded before must not.
  /// `reach`: so far hops are looked at at most, before it and from it on.
  static func around(_ cut: Int64, _ hops: [Hop], reach: (before: Int64, after: Int64) = (widest, widest))
    -> Int64
  {
    var margin = UnitMargin()
    let first = cut - reach.before
    for hop in hops where hop.start < cut + reach.after {
      let isLong = hop.duration >= widest && hop.end >= first
      guard hop.start >= first || isLong else { continue }
      if hop.role == .proxy { margin.ways.add(carrier: hop) }
      if hop.start >= first { margin.add(hop, cut) }
    }
    let others = hops.lazy.filter { (first..<cut + reach.after).contains($0.start) }
    if margin.hasTunnels || !margin.idsTell || !margin.ways.areKnown(others) { return widest }
    return margin.longest
  }

  private mutating func add(_ hop: Hop, _ cut: Int64) {
    if hop.isTunnel { hasTunnels = true }
    guard hop.role == .client || hop.role == .server, !hop.isConnection else { return }
    requests += 1
    durations.add(hop.duration)
    if hop.requestID.isMissing {
      withoutID += 1
    } else if hop.requestID.low % Self.sampledIDs == 0 {
      if hop.role == .client {
        clients[hop.requestID] = hop.start
      } else {
        servers.append((hop.requestID, hop.start))
        // All connections that it can have come over are among the hops: one that started before them was long.
        if hop.start >= cut { ways.add(server: hop) }
      }
    }
  }

  private var idsTell: Bool {
    mutating get {
      var answered: Set<WideKey> = []
      var found = 0
      for server in servers {
        guard let start = clients[server.id] else { continue }
        distances.add(abs(server.start &- start))
        answered.insert(server.id)
        found += 1
      }
      return withoutID * 100 <= requests * (100 - Self.expectedShare)
        && found * 100 >= servers.count * Self.expectedShare
        && answered.count * 100 >= clients.count * Self.expectedShare
    }
  }

  /// What the longest request needs. After `idsTell`.
  private var longest: Int64 {
    let bound = max(
      durations.bound(exceptions: Self.exceptions), distances.bound(exceptions: Self.exceptions))
    return min(Self.widest, Self.least + 2 * min(bound, Self.widest))
  }
}

/// Whether the addresses of server hops tell the connections that they came over: those of a proxy's line, or
/// straight from a client.
private struct WaysAround {
  private struct Ends: Hashable {
    var local: Int64
    var remote: Int64
  }

  /// The share of the server hops that must be told, in percent.
  private static let expectedShare = 99

  private var carriers: Set<Ends> = []
  private var servers: [Ends] = []

  mutating func add(carrier hop: Hop) {
    carriers.insert(Ends(local: hop.upstreamHost, remote: hop.upstreamLocal))
  }

  mutating func add(server hop: Hop) {
    servers.append(Ends(local: hop.downstreamLocal, remote: hop.downstreamRemote))
  }

  /// `hops`: among which the clients are that called directly.
  func areKnown(_ hops: some Sequence<Hop>) -> Bool {
    var others = servers.filter { $0.remote == 0 || !carriers.contains($0) }
    if areFew(others) { return true }
    var clients: Set<Int64> = []
    for hop in hops where hop.role == .client { clients.insert(hop.upstreamLocal) }
    others.removeAll { $0.remote != 0 && clients.contains($0.remote) }
    return areFew(others)
  }

  private func areFew(_ others: [Ends]) -> Bool {
    others.count * 100 <= servers.count * (100 - Self.expectedShare)
  }
}
