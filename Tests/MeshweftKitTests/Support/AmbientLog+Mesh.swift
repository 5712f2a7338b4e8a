extension AmbientLog {
  /// What is between the callers and the servers.
  enum Layout: String, CaseIterable, Sendable {
    case ztunnels, waypoint, sidecarToZtunnel, sidecarToWaypoint, ingressToWaypoint, ztunnelToSidecar
    case acrossNetworks, waypointAcrossNetworks

    /// Whether a waypoint sees the requests.
    var hasWaypoint: Bool {
      [.waypoint, .sidecarToWaypoint, .ingressToWaypoint, .waypointAcrossNetworks].contains(self)
    }
    /// Whether the callers have ztunnels.
    var callsFromZtunnel: Bool {
      [.ztunnels, .waypoint, .ztunnelToSidecar, .acrossNetworks, .waypointAcrossNetworks].contains(self)
    }
    var isRemote: Bool { self == .acrossNetworks || self == .waypointAcrossNetworks }
  }

  struct Mesh: Sendable, CustomStringConvertible {
    var layout: Layout
    var seed: UInt64 = 1
    var requests = 400
    /// Milliseconds between two requests of all callers, on average.
    var pause = 80.0
    var callers = 3
    var servers = 3
    var waypoints = 2
    /// Requests on one connection at most.
    var perConnection = 1
    var isIPv6 = false
    var isJSON = false
    /// All bodies are alike.
    var isUniform = false
    /// One ztunnel logs both sides.
    var isOneNode = false
    /// Connections that are open at the end have no line yet.
    var leavesOpen = false
    /// Milliseconds by which the clock of the servers' mesh cluster is ahead.
    var ahead = 0.0

    var description: String {
      "\(layout.rawValue) seed \(seed), \(perConnection) per connection"
        + (isIPv6 ? ", IPv6" : "") + (isJSON ? ", JSON" : "") + (isUniform ? ", uniform" : "")
        + (isOneNode ? ", one node" : "") + (leavesOpen ? ", some open" : "")
    }
  }
}
