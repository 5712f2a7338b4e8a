import AccessLog

@testable import Correlation

/// A hop in a line: who wrote it, when, and the addresses that it names.
///
/// Times are milliseconds. Addresses are `name:port`, where the name is a pod's, `eip` (what clients call) or `nat`
/// (what proxies are called from); equal names are equal IP addresses.
struct Line {
  var hop: Hop
  var pod: String
  var meshCluster: String
  var service: String
  var upstreamHost = ""
  var upstreamLocal = ""
  var downstreamLocal = ""
  var downstreamRemote = ""
  /// What both ends of a request log alike: method, path, agent.
  var content = "GET /get"
}

/// A request as the sidecar of its caller logs it.
func client(
  _ pod: String, at start: Double, for duration: Double, id: UInt64 = 0, from own: String? = nil,
  to host: String = "eip:15443", service: String = "shop", in meshCluster: String = "ack1",
  content: String = "GET /get", code: Int32 = 200, flags: ResponseFlags = [], sent: Int64 = 100,
  received: Int64 = 0
) -> Line {
  var line = Line(
    hop: hop(.client, at: start, for: duration, id: id), pod: pod, meshCluster: meshCluster, service: service)
  (line.upstreamHost, line.upstreamLocal, line.content) = (host, own ?? "\(pod):40000", content)
  (line.hop.responseCode, line.hop.flags, line.hop.httpVersion) = (code, flags, 1)
  (line.hop.bytesSent, line.hop.bytesReceived, line.hop.headerBytes) = (sent, received, 40)
  return line
}

/// A request as the sidecar of its callee logs it.
func server(
  _ pod: String, at start: Double, for duration: Double, id: UInt64 = 0, from peer: String = "gate:5000",
  service: String = "shop", in meshCluster: String = "ack2", content: String = "GET /get", code: Int32 = 200,
  flags: ResponseFlags = [], sent: Int64 = 100, received: Int64 = 0, http: UInt8 = 1
) -> Line {
  var line = Line(
    hop: hop(.server, at: start, for: duration, id: id), pod: pod, meshCluster: meshCluster, service: service)
  (line.downstreamRemote, line.downstreamLocal, line.content) = (peer, "\(pod):80", content)
  (line.hop.responseCode, line.hop.flags, line.hop.httpVersion) = (code, flags, http)
  (line.hop.bytesSent, line.hop.bytesReceived, line.hop.headerBytes) = (sent, received, 40)
  return line
}

/// A connection as a cross-network proxy logs it when it closes.
func proxy(
  _ pod: String = "gate", at start: Double, for duration: Double, from caller: String = "nat:700",
  as own: String? = nil, to host: String = "web:80", service: String = "shop",
  in meshCluster: String = "ack2", flags: ResponseFlags = [], sent: Int64 = 9000, received: Int64 = 5000
) -> Line {
  var line = Line(
    hop: hop(.proxy, at: start, for: duration, id: 0), pod: pod, meshCluster: meshCluster, service: service)
  (line.upstreamHost, line.upstreamLocal) = (host, own ?? "\(pod):5000")
  (line.downstreamLocal, line.downstreamRemote) = ("\(pod):15443", caller)
  (line.hop.flags, line.hop.bytesSent, line.hop.bytesReceived) = (flags, sent, received)
  return line
}

private func hop(_ role: Role, at start: Double, for duration: Double, id: UInt64) -> Hop {
  var hop = Hop(id: 0, role: role)
  // Some day in 2026; the line's own time is truncated to milliseconds, as Envoy does it.
  hop.start = 1_795_000_000_000_000 + Int64(start.rounded(.down)) * 1000
  hop.duration = Int64(duration.rounded(.down)) * 1000
  hop.requestID = WideKey(high: 0, low: id)
  return hop
}

/// Lines as the correlator gets them, and what it says about them, by place in the list.
struct Story {
  let hops: [Hop]
  private let placeOf: [Int64: Int]

  init(_ lines: [Line]) {
    var names = Names()
    let order = lines.indices.sorted { (lines[$0].hop.start, $0) < (lines[$1].hop.start, $1) }
    var placeOf: [Int64: Int] = [:]
    hops = order.enumerated().map { rank, place in
      var hop = names.hop(lines[place])
      hop.id = Int64(rank + 1)
      placeOf[hop.id] = place
      return hop
    }
    self.placeOf = placeOf
  }

  /// Numbers for names, in the order in which they come.
  private struct Names {
    private var numbers: [String: Int] = [:]

    mutating func number(_ kind: String, _ name: String) -> Int {
      let key = kind + "/" + name
      let known = numbers[key] ?? numbers.count { $0.key.hasPrefix(kind + "/") }
      numbers[key] = known
      return known
    }

    mutating func address(_ text: String) -> Int64 {
      let parts = text.split(separator: ":").map(String.init)
      guard parts.count == 2, let port = Int64(parts[1]) else { return 0 }
      return Int64(10 << 24 + number("ip", parts[0]) + 1) << 16 | port
    }

    mutating func hop(_ line: Line) -> Hop {
      var hop = line.hop
      hop.pod = Int32(number("pod", line.meshCluster + "/" + line.pod))
      hop.workload = hop.pod
      hop.meshCluster = Int32(number("cluster", line.meshCluster))
      hop.service = Int32(number("service", line.service))
      hop.upstreamHost = address(line.upstreamHost)
      hop.upstreamLocal = address(line.upstreamLocal)
      hop.downstreamLocal = address(line.downstreamLocal)
      hop.downstreamRemote = address(line.downstreamRemote)
      hop.content = UInt64(number("content", line.content)) + 1
      return hop
    }
  }

  /// What the leg matcher and all that follows it say.
  func told(_ hops: [Hop]? = nil) -> Told {
    let result = Correlator().correlate(hops ?? self.hops)
    return Told(result: result, placeOf: placeOf)
  }
}

/// What was said about a story's hops, by their place in the list.
struct Told {
  let result: Correlator.Result
  fileprivate let placeOf: [Int64: Int]

  private func place(_ id: Int64) -> Int { placeOf[id] ?? -1 }

  /// Server hop → the client hop that it answers.
  var parents: [Int: Int] {
    var parents: [Int: Int] = [:]
    for outcome in result.outcomes { parents[place(outcome.hop)] = outcome.parent.map { place($0.target) } }
    return parents
  }

  /// Client or server hop → its carrier.
  var carriers: [Int: Int] {
    var carriers: [Int: Int] = [:]
    for outcome in result.outcomes {
      carriers[place(outcome.hop)] = outcome.carriers.first.map { place($0.target) }
    }
    return carriers
  }

  subscript(_ place: Int) -> HopOutcome? { result.outcomes.first { placeOf[$0.hop] == place } }

  func status(_ place: Int) -> CarrierStatus? { self[place]?.carrierStatus }
  func evidence(_ place: Int) -> [String]? { self[place]?.carriers.first?.evidence.names }
}

/// What is said about these lines.
func told(_ lines: [Line]) -> Told { Story(lines).told() }
