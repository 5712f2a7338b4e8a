internal import AccessLog

enum FailureLines {
  /// A line of a caller's own sidecar, or of a gateway or waypoint: outbound, or of a request for which it had no route (and so
  /// names no cluster).
  static func isCaller(_ set: FindingAttributes) -> Bool {
    if set.role == .client || set.role == .gateway { return true }
    return set.role == .unknown && set.method != nil && set.serverName == nil
      && !set.flags.isDisjoint(with: [.noRouteFound, .noClusterFound])
  }
}
