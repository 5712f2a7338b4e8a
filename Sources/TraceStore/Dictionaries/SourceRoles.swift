internal import AccessLog

/// Tells by all lines of a log whose proxy wrote those that do not say it themselves.
///
/// A failed request names no address of its proxy's own, and one without a route no upstream cluster. But a pod is a
/// sidecar's or a gateway's for good, and keeps its address: what is plain in one line holds for the others, in whatever
/// order they came. Asked before hops are correlated; those whose role becomes another one are correlated anew.
enum SourceRoles {
  static let tables7 = """
    ALTER TABLE attribute_set ADD COLUMN line_role INTEGER NOT NULL DEFAULT 0;
    UPDATE attribute_set SET line_role = role;
    CREATE TABLE role_revision (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      last_set INTEGER NOT NULL
    ) STRICT;
    INSERT INTO role_revision VALUES (1, 0);

    CREATE TABLE proxy_chain (
      id INTEGER NOT NULL,
      place INTEGER NOT NULL,
      source INTEGER NOT NULL REFERENCES source (id),
      PRIMARY KEY (id, place)
    ) STRICT, WITHOUT ROWID;

    """

  /// What the sets of one log say together.
  struct Facts {
    /// It is one pod's; else several may have written it.
    var isPod = false
    var kind = WorkloadKind.ordinary
    /// Sets of lines that say themselves what they are.
    var sidecars = 0
    var gateways = 0
    /// IPv4 addresses of pods, by what their proxies are.
    var sidecarIPs: Set<Int64> = []
    var gatewayIPs: Set<Int64> = []
    /// Whom lines were from that do not say what they are: the first, and whether there are others.
    var peer: Int64?
    var hasPeers = false

    /// An own address that is no pod's: traffic within one, and Envoy's inbound source address.
    private static let loopback: Int64 = 127

    mutating func add(_ set: RevisedSet) {
      switch set.surely {
      case .client:
        sidecars += 1
        if let ip = set.remoteIP { note(ip, &sidecarIPs) }
      case .server:
        sidecars += 1
        if let ip = set.localIP { note(ip, &sidecarIPs) }
      case .gateway:
        gateways += 1
        if let ip = set.ownIP { note(ip, &gatewayIPs) }
      case .outbound:
        guard let ip = set.remoteIP else { return }
        hasPeers = hasPeers || peer.map { $0 != ip } ?? false
        peer = peer ?? ip
      case .unsaid, .forwarded, .proxy: break
      }
    }

    private func note(_ ip: Int64, _ ips: inout Set<Int64>) {
      // A stream of very many pods: addresses beyond these are told by their lines alone.
      if ip >> 24 != Facts.loopback, ips.count < Limits.sourceAddresses { ips.insert(ip) }
    }

    /// The role of a set. Addresses first, which tell pods of one stream apart; then what else the pod does; names last.
    func role(_ set: RevisedSet) -> Role {
      let line = set.surely
      switch line {
      case .client, .server, .proxy, .gateway: return Role(rawValue: line.rawValue) ?? .unknown
      case .unsaid, .outbound, .forwarded: break
      }
      if let ip = set.remoteIP, sidecarIPs.contains(ip) { return .client }
      if let ip = set.localIP {
        if gatewayIPs.contains(ip) { return .gateway }
        if line == .unsaid, sidecarIPs.contains(ip) { return .server }
      }
      if isPod, gateways > sidecars { return .gateway }
      if isPod, sidecars > gateways { return line == .unsaid && !set.isRequest ? .unknown : .client }
      if isPod, kind == .ordinary, line == .outbound, hasPeers { return .gateway }
      return line.role(isRequest: set.isRequest, hasNoRoute: set.hasNoRoute, kind: kind)
    }
  }
}
