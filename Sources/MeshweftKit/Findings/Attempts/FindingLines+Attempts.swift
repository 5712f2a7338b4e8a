internal import AccessLog

extension FindingLines {
  /// What cross-network proxies listen on (Istio's AUTO_PASSTHROUGH port).
  static let borderPort = ":15443"

  /// Where proxies take ztunnels' connections.
  private static let tunnelPort = ":15008"

  /// Whether a ztunnel's connection is no traffic of its own: it carried requests that have lines, or went to a proxy, which
  /// is no host.
  func isOnTheWay(_ place: Int) -> Bool {
    let set = attributes(place)
    guard set.isTunnel else { return false }
    return lines[place].isCarrying
      || set.role == .client && set.upstreamHost?.hasSuffix(FindingLines.tunnelPort) ?? false
  }

  /// The place of the first line of those who called a server, or a gateway: a client's, or a gateway's that nobody's line
  /// calls; -1 for none.
  func clientLine(of place: Int) -> Int {
    var top = place
    for _ in 0..<FindingLines.gatewaysInARow {
      let parent = Int(lines[top].parent)
      guard parent >= 0, attributes(parent).isCaller else { break }
      top = parent
      guard attributes(parent).role == .gateway else { break }
    }
    return top == place || attributes(top).isWaypoint ? -1 : top
  }

  /// The place of the gateway's line that called a server, -1 for none.
  func gateway(before place: Int) -> Int {
    let parent = Int(lines[place].parent)
    return parent >= 0 && attributes(parent).role == .gateway ? parent : -1
  }

  /// Hostile links must not lead on for ever.
  private static let gatewaysInARow = 16
}

extension FindingAttributes {
  /// No response, 5xx, a flag, or a gRPC call that failed; a connection has no response.
  var isFailure: Bool {
    code == 0 && !isConnection || code >= 500 || !flags.isEmpty || grpcStatus?.isFailure ?? false
  }

  /// A TCP connection at one of its ends.
  var isConnection: Bool { method == nil && code == 0 && role != .proxy && role != .unknown }

  /// A gateway that stands for the service that it calls.
  var isWaypoint: Bool { role == .gateway && upstreamCluster?.hasPrefix("inbound-vip|") ?? false }

  /// Its parent is who called it over the network.
  var isCalled: Bool { role == .server || role == .gateway }

  /// It may be the parent of whom it called over the network.
  var isCaller: Bool { role == .client || role == .gateway }
}
