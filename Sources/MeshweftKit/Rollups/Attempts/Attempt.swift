internal import AccessLog
internal import Correlation
internal import TraceStore

/// One attempt of a request to reach a server, or one connection that a proxy logged: the grain of all reports on
/// load, paths and imbalance.
///
/// A server hop is an attempt; so is a client hop that no server hop answers. Pods and services are indices of
/// `LoadedHops`, -1 where not known; durations are microseconds, -1 where not known.
struct Attempt {
  /// Microseconds since the epoch, on the clock of whoever logged the attempt last in its way.
  var start: Int64
  /// What the host was busy with: the server's own time where its log is there.
  var busy: Int64
  var service: Int32
  /// Whom the attempt reached, or was sent to: the server's address, else the one that its proxy called, else the
  /// one that the client called; 0 where it was sent nowhere.
  var host: Int64 = 0
  /// The pod that the host was, whether its log is there or not.
  var hostPod: Int32 = -1
  /// When the attempt surely was at the host, microseconds since the epoch; 0 where the server's own line tells.
  var hostTime: Int64 = 0
  var clientPod: Int32 = -1
  /// The proxy on the client's side, where the request crossed two.
  var firstProxyPod: Int32 = -1
  var proxyPod: Int32 = -1
  /// All before `proxyPod`, where they are more than one: from the client on. `firstProxyPod` is -1 then.
  var earlierProxies: [Int32] = []
  var serverPod: Int32 = -1
  var carrierStatus = CarrierStatus.unknown
  var flags = ResponseFlags()
  /// The response code of a failure (0: no response), -1 where it was none; of TCP connections `AttemptOutcome`'s.
  var failureCode: Int32 = -1
  /// A TCP connection between client and server: no request.
  var isConnection = false
  /// 1, or 0 for an attempt that was retried later and for a connection.
  var requests: Int64 = 0
  /// 1, or 0 for a proxy's connection, which carries what is counted elsewhere.
  var attempts: Int64 = 0
  var clientTime: Int64 = -1
  var serverTime: Int64 = -1
  /// Client time less server time: network and proxies.
  var borderTime: Int64 = -1
  /// Body bytes of the response and of the request; the client's account where there is one.
  var bytesSent: Int64 = 0
  var bytesReceived: Int64 = 0
  /// The key of the hop that a search finds it by: its client's, where there is one.
  var hop: Int64 = 0
  /// Names the TCP connection on which the host got it; 0 where none is known.
  var connection: UInt64 = 0
  /// Of the weakest link in it.
  var confidence = 1.0

  /// What its caller had to wait; the server's own time where no caller's line tells, -1 where none does.
  var time: Int64 { clientTime >= 0 ? clientTime : serverTime }

  init(start: Int64, busy: Int64, service: Int32) {
    self.start = start
    self.busy = busy
    self.service = service
  }
}

extension Hop {
  /// What a caller would call a failure: no response, 5xx, or anything that Envoy flags.
  var isFailure: Bool { responseCode == 0 || responseCode >= 500 || !flags.isEmpty }

  var failureCode: Int32 { isFailure ? responseCode : -1 }

  /// Names a proxy's connection, however many lines it was logged with.
  func connectionKey(_ names: ConnectionHash) -> UInt64 { names.key(upstreamLocal, upstreamHost, start) }
}
