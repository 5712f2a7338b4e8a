internal import AccessLog

/// Whether requests left their sidecar at all.
///
/// Envoy names an upstream host once it has chosen one, and an own address once it is connected to it: in a log whose
/// other lines have these, a line without tells how far the request got.
struct Departure {
  /// By pod + 1: whether its log names upstream hosts, and own addresses towards them.
  private var namesHosts: [Bool]
  private var namesOwn: [Bool]

  init(_ table: HopTable) {
    let callers = table.clientConnections.isEmpty ? table.clients : table.clients + table.clientConnections
    let pods = Int(callers.lazy.map { table[$0].pod }.max() ?? -1) + 2
    namesHosts = [Bool](repeating: false, count: pods)
    namesOwn = namesHosts
    for hop in callers {
      let pod = Int(table[hop].pod) + 1
      if table[hop].upstreamHost != 0 { namesHosts[pod] = true }
      if table[hop].upstreamLocal != 0 { namesOwn[pod] = true }
    }
  }

  /// Whether the sidecar answered a client hop itself: no host was chosen (flags UH, NR, NC; a fault, a limit, a
  /// redirect; or the caller was gone too soon).
  func neverLeft(_ hop: Hop) -> Bool {
    guard hop.role == .client, hop.upstreamHost == 0 else { return false }
    return namesHosts[Int(hop.pod) + 1]
      || !hop.flags.isDisjoint(with: [.noHealthyUpstream, .noRouteFound, .noClusterFound])
  }

  /// Whether no connection to the chosen host came about (flag UF, or the caller was gone too soon). It may have got to
  /// a proxy, which may even have written a line: the sidecar does not tell.
  func neverConnected(_ hop: Hop) -> Bool {
    guard hop.role == .client, hop.upstreamHost != 0, hop.upstreamLocal == 0 else { return false }
    return namesOwn[Int(hop.pod) + 1] || hop.flags.contains(.upstreamConnectionFailure)
  }
}
