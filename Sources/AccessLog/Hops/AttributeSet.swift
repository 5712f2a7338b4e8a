/// What is the same for very many hops, stored once: an OpenTelemetry reader would say, their common attributes.
package struct AttributeSet: Sendable, Hashable {
  /// As far as it is known when the line is read; the other lines of its log may tell better.
  package var role: Role
  package var lineRole: LineRole
  package var responseFlags: ResponseFlags
  /// HTTP status; nil where missing or not a number from 0 to 999.
  package var responseCode: Int32?
  /// Text indices, or -1.
  package var httpProtocol: Int32
  package var method: Int32
  package var authority: Int32
  package var upstreamCluster: Int32
  package var requestedServerName: Int32
  /// In the order of `AttributeText.all`.
  package var texts: [Int32]
  /// The response flags as logged, where one of them is not known; else -1.
  package var unrecognisedFlags: Int32
  /// host and port of the SubsetKey that hops are matched on: `httpbin.default.svc.cluster.local`, 8000.
  package var serviceHost: Int32
  package var servicePort: Int32
  package var subset: Int32
  /// upstream_host and downstream_local_address: few per mesh, unlike the two addresses with ephemeral ports.
  package var upstreamHost: Address
  package var downstreamLocal: Address
  /// Index of the source.
  package var source: Int32
  /// The IP that the line has for its own pod (`OwnAddress`); empty where it does not tell.
  package var ownAddress = ""
  /// The IPv4 address of upstream_local_address, which is the proxy's own; nil where it is not IPv4.
  package var upstreamLocalIP: Int64?
  /// The IPv4 address of downstream_remote_address, where it is the same number (a sidecar called by its app) or where
  /// there is no upstream_local_address: whose line it is must be told by it then; else nil.
  package var downstreamRemoteIP: Int64?
  package var precision: TimePrecision
  package var anomalies: Anomalies

  package init(
    role: Role, responseFlags: ResponseFlags, responseCode: Int32?, httpProtocol: Int32, method: Int32,
    authority: Int32, upstreamCluster: Int32, requestedServerName: Int32, texts: [Int32],
    unrecognisedFlags: Int32, serviceHost: Int32, servicePort: Int32, subset: Int32, upstreamHost: Address,
    downstreamLocal: Address, own: HopOwn
  ) {
    self.role = role
    lineRole = LineRole(rawValue: role.rawValue) ?? .unsaid
    self.responseFlags = responseFlags
    self.responseCode = responseCode
    self.httpProtocol = httpProtocol
    self.method = method
    self.authority = authority
    self.upstreamCluster = upstreamCluster
    self.requestedServerName = requestedServerName
    self.texts = texts
    self.unrecognisedFlags = unrecognisedFlags
    self.serviceHost = serviceHost
    self.servicePort = servicePort
    self.subset = subset
    self.upstreamHost = upstreamHost
    self.downstreamLocal = downstreamLocal
    source = own.source
    upstreamLocalIP = own.upstreamLocalIP
    downstreamRemoteIP = own.downstreamRemoteIP
    precision = own.precision
    anomalies = own.anomalies
  }
}
