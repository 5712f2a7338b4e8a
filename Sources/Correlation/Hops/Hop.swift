package import AccessLog

/// A hop as correlation sees it: numbers only, so that millions fit in memory and compare in one instruction.
///
/// Indices (`pod`, `meshCluster`, `workload`, `service`) are dense, made by whoever loads the hops, and -1 where
/// not known. Content keys are 64-bit keyed hashes of text, which nobody can aim at; equal text has equal keys within one run.
package struct Hop: Sendable {
  // What most steps look at comes first, and small fields share words: a hop is 176 bytes, and steps that go from hop
  // to hop wait for memory.

  /// The store's key of the hop; orders hops by time, then by identity. Unique.
  package var id: Int64
  package var role: Role
  /// 1 for HTTP/1.x, 2 for HTTP/2, 3 for HTTP/3, 0 where missing. The downstream protocol of this hop.
  package var httpVersion: UInt8
  package var traits: HopTraits
  /// The pod whose proxy wrote the line, or the log's name where no pod is known.
  package var pod: Int32
  package var meshCluster: Int32
  /// The pod's workload (deployment) within its namespace and mesh cluster.
  package var workload: Int32
  /// (port, host) of the SubsetKey in upstream_cluster (client, proxy) or in the SNI (server).
  package var service: Int32
  /// HTTP status; 0 for TCP and for a request that ended without a response.
  package var responseCode: Int32

  /// Microseconds since the Unix epoch, as logged: the true start lies in `start ..< start + startPrecision`.
  package var start: Int64
  /// Microseconds as logged, or -1 where missing: the true duration lies in `duration ..< duration + durationPrecision`.
  package var duration: Int64

  /// 128 bits of the x-request-id (a UUID's own bits, else a number of the text); (0, 0) where missing. Equal keys are equal
  /// ids.
  package var requestID: WideKey

  package var flags: ResponseFlags
  /// Microseconds: 1000 for Envoy's default %START_TIME%, 1 for %START_TIME(...%6f)%.
  package var startPrecision: Int32
  package var durationPrecision: Int32

  /// Address keys: IPv4 and port in one number (see AccessLog.Address), 0 where missing, below zero the number
  /// of any other text, with the bit `readableAddress` set where that is an address (IPv6, `envoy://…`) and not a masked one.
  package var upstreamHost: Int64
  package var upstreamLocal: Int64
  package var downstreamLocal: Int64
  package var downstreamRemote: Int64

  /// Key of method and path, which both ends of a leg log alike; 0 where the path is missing.
  package var content: UInt64
  /// Keys of the authority and of the user agent, 0 where missing. Some meshes log them at one end only.
  package var authority: UInt32
  package var agent: UInt32
  /// Key of method and path without its query and with digits folded: which kind of call this is.
  package var route: UInt64
  /// 128 bits of the propagated trace id (its own bits where 32 hex digits); (0, 0) where missing.
  package var traceID: WideKey
  /// Body bytes (client, server) or bytes on the wire (proxy); -1 where missing.
  package var bytesReceived: Int64
  package var bytesSent: Int64
  /// Length in bytes of method + path + authority + user agent, which the wire carries beside the bodies.
  package var headerBytes: Int32
  /// Of a gateway: the service that it was called as; -1 where its line does not say. `service` is what it calls.
  /// Of a ztunnel's connection: `peer`.
  package var calledAs: Int32

  package static let readableAddress: Int64 = 1 << 62

  /// A hop of which nothing is known yet; whoever loads it fills in what the line says.
  package init(id: Int64, role: Role) {
    self.id = id
    self.role = role
    (pod, meshCluster, workload, service) = (-1, -1, -1, -1)
    (start, duration, startPrecision, durationPrecision) = (0, -1, 1000, 1000)
    (requestID, traceID) = (.missing, .missing)
    (upstreamHost, upstreamLocal, downstreamLocal, downstreamRemote) = (0, 0, 0, 0)
    (content, route, headerBytes) = (0, 0, 0)
    (authority, agent) = (0, 0)
    (bytesReceived, bytesSent) = (-1, -1)
    (responseCode, flags, httpVersion, traits) = (0, [], 0, [])
    calledAs = -1
  }

  /// Microseconds since the epoch at which the interval surely has ended, given both precisions.
  package var latestEnd: Int64 {
    start &+ max(0, duration) &+ Int64(startPrecision) &+ Int64(durationPrecision)
  }
  /// Microseconds since the epoch at which the interval has ended: `latestEnd` where the line has a duration, else the end of the
  /// longest request that is looked for.
  package var latestPossibleEnd: Int64 { duration < 0 ? start &+ Hop.unknownDuration : latestEnd }
  private static let unknownDuration: Int64 = 60_000_000
  /// Start plus duration as logged, microseconds since the epoch.
  package var end: Int64 { start &+ max(0, duration) }

  package init(
    id: Int64, role: Role, pod: Int32, meshCluster: Int32, workload: Int32, service: Int32, start: Int64,
    duration: Int64, startPrecision: Int32, durationPrecision: Int32, requestID: WideKey, traceID: WideKey,
    upstreamHost: Int64, upstreamLocal: Int64, downstreamLocal: Int64, downstreamRemote: Int64,
    content: UInt64, authority: UInt32 = 0, agent: UInt32 = 0, route: UInt64, headerBytes: Int32,
    bytesReceived: Int64, bytesSent: Int64,
    responseCode: Int32, flags: ResponseFlags, httpVersion: UInt8, traits: HopTraits = [],
    calledAs: Int32 = -1
  ) {
    self.id = id
    self.role = role
    self.pod = pod
    self.meshCluster = meshCluster
    self.workload = workload
    self.service = service
    self.start = start
    self.duration = duration
    self.startPrecision = startPrecision
    self.durationPrecision = durationPrecision
    self.requestID = requestID
    self.traceID = traceID
    self.upstreamHost = upstreamHost
    self.upstreamLocal = upstreamLocal
    self.downstreamLocal = downstreamLocal
    self.downstreamRemote = downstreamRemote
    self.content = content
    self.authority = authority
    self.agent = agent
    self.route = route
    self.headerBytes = headerBytes
    self.bytesReceived = bytesReceived
    self.bytesSent = bytesSent
    self.responseCode = responseCode
    self.flags = flags
    self.httpVersion = httpVersion
    self.traits = traits
    self.calledAs = calledAs
  }
}

extension Hop {
  /// A TCP connection that an end of it logged, not a proxy that routes on SNI.
  package var isConnection: Bool { traits.contains(.connection) }
  /// A connection that ambient's L4 proxy logged.
  package var isTunnel: Bool { traits.contains(.ztunnel) }
  /// Of a ztunnel's connection: the pod at its other end; -1 where the line names none, `unseenPeer` where no hop is of it.
  package var peer: Int32 { isTunnel ? calledAs : -1 }
  package static let unseenPeer: Int32 = -2
  /// Whether a ztunnel's line says that the pod at its other end is another one.
  func contradicts(_ pod: Int32) -> Bool { peer != -1 && peer != pod }
}
