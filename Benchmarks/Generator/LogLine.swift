/// An IPv4 address with a port; port 0 stands for "missing".
struct Address {
  static let missing = Address(ipv4: 0, port: 0)

  let ipv4: UInt32
  let port: UInt16

  var isMissing: Bool { port == 0 }

  init(ipv4: UInt32, port: UInt16) {
    self.ipv4 = ipv4
    self.port = port
  }

  init(_ first: UInt32, _ second: UInt32, _ third: UInt32, _ fourth: UInt32, port: UInt16) {
    self.init(ipv4: first << 24 | second << 16 | third << 8 | fourth, port: port)
  }

  func with(port: UInt16) -> Address {
    Address(ipv4: ipv4, port: port)
  }
}

/// A request id: a version 4 UUID; all zero stands for "missing".
struct RequestID {
  static let missing = RequestID(high: 0, low: 0)

  let high: UInt64
  let low: UInt64

  var isMissing: Bool { high == 0 }

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(from random: inout SplitMix64) {
    high = random.next() & ~0xF000 | 0x4000
    low = random.next() & ~(3 << 62) | 2 << 62
  }
}

/// What one access-log line says, whatever its format.
struct LogLine {
  var startMicroseconds = 0
  var endMicroseconds = 0
  var method = Text.missing
  var path = Text.missing
  /// Written after `path`; below 0: nothing.
  var pathNumber = -1
  var httpProtocol = Text.missing
  var responseCode = 0
  var responseFlags = Text.missing
  var responseCodeDetails = Text.missing
  var bytesReceived = 0
  var bytesSent = 0
  /// Below 0: missing.
  var serviceMilliseconds = -1
  var userAgent = Text.missing
  var requestID = RequestID.missing
  var authority = Text.missing
  var upstreamHost = Address.missing
  var upstreamCluster = Text.missing
  var upstreamLocal = Address.missing
  var downstreamLocal = Address.missing
  var downstreamRemote = Address.missing
  var requestedServerName = Text.missing
  var route = Text.missing

  /// Cut, not rounded, as Envoy does.
  var durationMilliseconds: Int { (endMicroseconds - startMicroseconds) / 1000 }
}
