/// A request with its answer, as both ends log it.
struct Exchange {
  var endpoint: Endpoint
  /// Written behind the path; below 0: none.
  var number: Int
  var code: Int
  var requestBytes: Int
  var responseBytes: Int
  var clientID: RequestID
  var serverID: RequestID
  var clientStart: Int
  var serverStart: Int
  var serverEnd: Int
  var clientEnd: Int

  func clientLine(_ used: CallConnection, _ mesh: CallMesh) -> LogLine {
    let service = mesh.services[used.service]
    var line = line(used, mesh, from: clientStart, to: clientEnd)
    line.requestID = clientID
    line.upstreamHost =
      used.proxy < 0 ? serverAddress(used, mesh) : CallMesh.externalAddress(of: service.meshCluster)
    line.upstreamCluster = service.outboundCluster
    line.upstreamLocal = used.clientAddress
    line.downstreamLocal = service.virtualAddress
    line.downstreamRemote = used.appAddress
    return line
  }

  func serverLine(_ used: CallConnection, _ mesh: CallMesh) -> LogLine {
    var line = line(used, mesh, from: serverStart, to: serverEnd)
    line.requestID = serverID
    line.upstreamHost = serverAddress(used, mesh)
    line.upstreamCluster = mesh.inboundCluster
    line.upstreamLocal = used.loopbackAddress
    line.downstreamLocal = serverAddress(used, mesh)
    line.downstreamRemote = used.proxy < 0 ? used.clientAddress : used.proxyAddress
    line.requestedServerName = mesh.services[used.service].serverName
    return line
  }

  private func serverAddress(_ used: CallConnection, _ mesh: CallMesh) -> Address {
    mesh.pods[used.server].address.with(port: CallMesh.servicePort)
  }

  private func line(_ used: CallConnection, _ mesh: CallMesh, from start: Int, to end: Int) -> LogLine {
    var line = LogLine()
    line.startMicroseconds = start
    line.endMicroseconds = end
    line.method = endpoint.method
    line.path = endpoint.path
    line.pathNumber = number
    line.httpProtocol = used.isHTTP2 ? mesh.http2 : mesh.http11
    line.responseCode = code
    line.responseFlags = mesh.noFlags
    line.responseCodeDetails = mesh.viaUpstream
    line.bytesReceived = requestBytes
    line.bytesSent = responseBytes
    line.serviceMilliseconds = max(0, line.durationMilliseconds - 1)
    line.userAgent = used.agent
    line.authority = mesh.services[used.service].authority
    line.route = mesh.defaultRoute
    return line
  }
}
