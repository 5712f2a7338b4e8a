internal import AccessLog

/// The hops in canonical order (by id, which is by time), and which of them play which role.
///
/// Everything after this works on positions in `hops`, so the order in which hops were fed cannot matter.
struct HopTable {
  let hops: [Hop]
  /// Positions of the client, server and proxy hops, ascending; of clients and servers those of requests.
  let clients: [Int32]
  let servers: [Int32]
  let proxies: [Int32]
  /// Positions of TCP connections that one of their ends logged, ascending.
  let clientConnections: [Int32]
  let serverConnections: [Int32]
  /// Mesh clusters of gateways' halves, which have ones of their own (`GatewayHalves`).
  let gatewayClients: Set<Int32>
  let gatewayServers: Set<Int32>
  /// Whether any hop is a gateway's half.
  var hasGateways: Bool { !gatewayServers.isEmpty }

  init(_ unordered: [Hop]) {
    hops = HopTable.canonical(unordered)
    assert(hops.isOrdered { $0.id < $1.id })
    var clients: [Int32] = []
    var servers: [Int32] = []
    var proxies: [Int32] = []
    var connections: (clients: [Int32], servers: [Int32]) = ([], [])
    var halves: (clients: Set<Int32>, servers: Set<Int32>) = ([], [])
    for position in hops.indices {
      if !hops[position].traits.isEmpty {
        if hops[position].traits.contains(.half) {
          if hops[position].role == .server {
            halves.servers.insert(hops[position].meshCluster)
          } else {
            halves.clients.insert(hops[position].meshCluster)
          }
        }
        if hops[position].isConnection {
          switch hops[position].role {
          case .client: connections.clients.append(Int32(position))
          case .server: connections.servers.append(Int32(position))
          default: break
          }
          continue
        }
      }
      switch hops[position].role {
      case .client: clients.append(Int32(position))
      case .server: servers.append(Int32(position))
      case .proxy: proxies.append(Int32(position))
      case .gateway, .unknown: break
      }
    }
    self.clients = clients
    self.servers = servers
    self.proxies = proxies
    clientConnections = connections.clients
    serverConnections = connections.servers
    (gatewayClients, gatewayServers) = halves
  }

  /// Sorted by id with repeated ids dropped; free when the caller already keeps that order.
  private static func canonical(_ hops: [Hop]) -> [Hop] {
    var ascending = true
    for position in hops.indices.dropFirst() where hops[position - 1].id >= hops[position].id {
      ascending = false
      break
    }
    if ascending { return hops }
    var order = hops.indices.map { (id: hops[$0].id, position: Int32($0)) }
    order.sort { $0.id < $1.id }
    var sorted: [Hop] = []
    sorted.reserveCapacity(hops.count)
    for entry in order where sorted.last?.id != entry.id { sorted.append(hops[Int(entry.position)]) }
    return sorted
  }

  subscript(_ position: Int32) -> Hop { hops[Int(position)] }
}

extension Hop {
  /// Whether the request ran to its end at this hop: the facts about containment and body bytes hold only then.
  var succeeded: Bool { flags.isEmpty && responseCode != 0 }

  /// As bits: sets of flags are made anew at each question, which was a third of what comparing connections took.
  private static let abandoned =
    ([.downstreamConnectionTermination, .upstreamRequestTimeout] as ResponseFlags).rawValue

  /// Whether this side, or the other, gave the request up before the response was through.
  var wasAbandoned: Bool {
    responseCode == 0 || flags.rawValue & Hop.abandoned != 0
  }
}
