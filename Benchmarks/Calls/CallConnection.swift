/// A connection from a pod to a service that many requests go over.
struct CallConnection {
  var client: Int
  var service: Int
  var server: Int
  /// The cross-network proxy it goes through; below 0: none, it is direct.
  var proxy: Int
  var isHTTP2: Bool
  /// When it can take another request, microseconds since the epoch.
  var freeFrom: Int
  var lastEnd: Int
  var requestsLeft: Int
  var agent: Text
  var appAddress: Address
  var clientAddress: Address
  var translatedAddress: Address
  var proxyAddress: Address
  var loopbackAddress: Address
  var accepted: Int
  var bytesReceived: Int
  var bytesSent: Int
}
