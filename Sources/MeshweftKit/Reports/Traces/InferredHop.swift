internal import AccessLog
internal import Correlation
internal import TraceStore

/// A proxy that must have been on a request's way, though no line of it is there: the lines of its neighbours prove it.
struct InferredHop {
  enum Relation: String { case caller, called }

  /// `ztunnel`, `waypoint` or `gateway`.
  var role: String
  /// The key of the hop that it called, or that called it.
  var hop: Int64
  var relation: Relation
  /// As the neighbour's line names it; nil where it does not.
  var pod: String?
  var address: String?
  var why: String

  /// What it is called: its pod's name, else its address.
  var place: String { pod ?? address ?? "?" }

  /// What tells of it, for people.
  var sentence: String {
    let at = pod != nil ? address.map { " at \(Shown.text($0, limit: 60))" } ?? "" : ""
    return "\(role) \(Shown.text(place, limit: 80))\(at) is inferred: \(why)"
  }
}

extension InferredHop {
  /// Those of a trace, in the order of its hops.
  ///
  /// Istio's defaults leave lines out: the listeners of tunnels (HBONE) log failures alone, a waypoint logs where access logs
  /// are on, and a ztunnel logs a connection when it closes.
  static func all(in trace: StoredTrace) -> [InferredHop] {
    guard trace.hops.contains(where: { $0.isTunnel || $0.isWaypoint }) else { return [] }
    let answered = Set(trace.links.values.compactMap { $0.parent?.target })
    let hops = Dictionary(trace.hops.map { ($0.id, $0) }) { first, _ in first }
    return trace.hops.flatMap { hop -> [InferredHop] in
      guard let link = trace.links[hop.id] else { return [] }
      let tunnels = link.carriers.compactMap { hops[$0.target] }.filter(\.isTunnel)
      if hop.isTunnel {
        return link.carrierStatus == .linked
          ? [] : ends(of: hop, isAnswered: answered.contains(hop.id), hasParent: link.parent != nil)
      }
      guard hop.isWaypoint else { return [] }
      return [
        link.parent == nil && !tunnels.contains { $0.role == "client" } ? caller(ofWaypoint: hop) : nil,
        !answered.contains(hop.id) && !tunnels.contains { $0.role == "server" }
          ? called(byWaypoint: hop) : nil,
      ].compactMap(\.self)
    }
  }

  private static let unlogged = "a ztunnel logs a connection when it closes, or its log is not there"

  /// Of a ztunnel's connection of which no request is known.
  private static func ends(of hop: StoredHop, isAnswered: Bool, hasParent: Bool) -> [InferredHop] {
    guard hop.httpProtocol == "HBONE" else { return [] }
    if hop.role == "server" {
      guard !hasParent else { return [] }
      // From another network no line names who called.
      let role = hop.peer.map(kind) ?? "gateway"
      let why = "the connection came through a tunnel, and no line tells of its other end"
      return [
        InferredHop(
          role: role, hop: hop.id, relation: .caller, pod: hop.peer, address: hop.downstreamRemoteAddress,
          why: why)
      ]
    }
    // What failed may have reached nobody.
    guard !isAnswered, hop[.upstreamTransportFailureReason] == nil else { return [] }
    if hop.upstreamHost?.hasSuffix(":15008") ?? false {
      let asked = hop.downstreamLocalAddress
      let why =
        asked.map {
          "the connection went there to reach \(Shown.text($0, limit: 60)), and no request of it was logged"
        }
        ?? "the connection went there to reach another network, and no line tells what was behind it"
      return [
        InferredHop(
          role: asked == nil ? "gateway" : "waypoint", hop: hop.id, relation: .called, pod: hop.peer,
          address: hop.upstreamHost, why: why)
      ]
    }
    return [
      InferredHop(
        role: "ztunnel", hop: hop.id, relation: .called, pod: hop.peer, address: hop.upstreamHost,
        why: "the connection went there through a tunnel; \(unlogged)")
    ]
  }

  private static func caller(ofWaypoint hop: StoredHop) -> InferredHop {
    InferredHop(
      role: "ztunnel", hop: hop.id, relation: .caller, pod: nil, address: hop.downstreamRemoteAddress,
      why: "a waypoint is called through tunnels alone; \(unlogged)")
  }

  private static func called(byWaypoint hop: StoredHop) -> InferredHop? {
    guard let host = hop.upstreamHost, hop.upstreamLocalAddress == nil, hop.responseFlags.isEmpty,
      hop.responseCode ?? 0 > 0
    else { return nil }
    return InferredHop(
      role: "ztunnel", hop: hop.id, relation: .called, pod: nil, address: host,
      why: "the waypoint reached it through a tunnel; \(unlogged)")
  }

  /// What a pod's name says: apps have ztunnels.
  private static func kind(_ peer: String) -> String {
    let pod = peer.split(separator: "/").last.map(String.init) ?? ""
    switch WorkloadKind(workload: WorkloadName.of(pod: pod)) {
    case .ordinary: return "ztunnel"
    case .gateway: return "waypoint"
    case .crossNetworkProxy: return "gateway"
    }
  }
}

extension StoredHop {
  /// A ztunnel's connection.
  var isTunnel: Bool { self[.accessLogType] == "ztunnel" }

  /// A gateway that stands for the service that it calls.
  var isWaypoint: Bool {
    role == "gateway" && method != nil && upstreamCluster?.hasPrefix("inbound-vip|") ?? false
  }

  /// Of a ztunnel's connection: the pod at its other end.
  var peer: String? { isTunnel ? authority : nil }
}
