/// One TCP connection client sidecar → load balancer → cross-network proxy → server sidecar, and the request on it.
struct Connection {
  /// What happens to the connection next.
  enum NextEvent {
    case opens, serverEnds, clientEnds, closes
  }

  /// Wire bytes besides bodies, paths and agents; the levels and constants measured on Envoy 1.40 with HTTP/1.1 and mTLS.
  static let requestOverheadBytes = 1000
  static let responseOverheadBytes = 972
  static let handshakesBytes: [(received: Int, sent: Int)] = [(5410, 7105), (3520, 5098), (3520, 7105)]

  var nextEvent = NextEvent.opens

  var service = 0
  var client = 0
  var proxy = 0
  var server = 0
  var agent = Text.missing
  var paceMicroseconds = 0
  var requestsLeft = 0

  var appAddress = Address.missing
  var clientAddress = Address.missing
  var translatedAddress = Address.missing
  var proxyAddress = Address.missing
  var loopbackAddress = Address.missing

  var acceptedMicroseconds = 0
  var bytesReceived = 0
  var bytesSent = 0

  var endpoint = 0
  var pathNumber = -1
  var responseCode = 200
  var requestBodyBytes = 0
  var responseBodyBytes = 0
  var requestID = RequestID.missing
  var clientStart = 0
  var serverStart = 0
  var serverEnd = 0
  /// Of the client hop's `upstream_service_time` against its duration, and the server hop's.
  var serviceTimeLagMilliseconds = 0
}
