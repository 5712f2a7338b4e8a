import AccessLog

@testable import Correlation

/// A mesh whose server sidecars make ids of their own: several connections at once, each used by one request after the
/// other, through a NAT.
struct Anonymous {
  var lines: [Line] = []
  /// Server hop → client hop, by place in `lines`.
  var parents: [Int: Int] = [:]
  /// Client and server hop → carrier.
  var carriers: [Int: Int] = [:]

  var connections = 8
  var requests = 30
  /// Milliseconds from the start of one connection to that of the next.
  var apart = 0.0
  /// Milliseconds that the servers' clock is ahead, and parts per million by which that grows.
  var offset = 0.0
  var drift = 0.0
  var seed: UInt64 = 1
  /// Milliseconds that a request may take longer there, and back, than another one.
  var jitter: Int64 = 2
  /// Whether all requests ask for the same.
  var same = true
  /// The mesh cluster that is called, and its proxy's name.
  var called = "ack2"
  var gate = "gate"
  /// Milliseconds at which the first connection begins, and the port that it is called from.
  var begin = 0.0
  var port = 40_000
  /// Ports of the client, and of the proxy, after which the first comes back; nil for one each.
  var clientPorts: Int?
  var gatePorts: Int?

  private func from(_ connection: Int) -> String { "sleep:\(port + connection % (clientPorts ?? .max))" }
  private func over(_ connection: Int) -> String { "\(gate):\(5000 + connection % (gatePorts ?? .max))" }

  mutating func run() {
    var dice = Dice(state: seed)
    for connection in 0..<connections {
      let proxyPlace = lines.count
      lines.append(
        proxy(gate, at: 0, for: 0, from: "nat:\(700 + connection)", as: over(connection), in: called))
      var start = begin + Double(connection) * apart + Double(dice.roll(20..<400))
      let opened = start
      for _ in 0..<requests {
        start = request(connection, at: start, over: proxyPlace, &dice)
      }
      close(proxyPlace, opened: opened, last: start)
    }
  }

  /// One request and its answer; returns when the next one can begin.
  private mutating func request(
    _ connection: Int, at start: Double, over proxyPlace: Int, _ dice: inout Dice
  ) -> Double {
    let there = 4 + Double(dice.roll(0..<jitter * 10)) / 10
    let work = Double(dice.roll(3..<60))
    let back = 4 + Double(dice.roll(0..<jitter * 10)) / 10
    let content = same ? "GET /get" : "GET /item/\(dice.roll(0..<40))"
    let place = lines.count
    lines.append(
      client(
        "sleep", at: start, for: there + work + back, from: from(connection), content: content))
    lines.append(
      server(
        "web", at: skewed(start + there), for: work, id: UInt64(10_000 + place),
        from: over(connection), in: called, content: content))
    parents[place + 1] = place
    carriers[place] = proxyPlace
    carriers[place + 1] = proxyPlace
    return start + there + work + back + Double(dice.roll(20..<300))
  }

  private func skewed(_ time: Double) -> Double { time + offset + drift * time / 1e6 }

  private mutating func close(_ place: Int, opened: Double, last: Double) {
    var known = lines[place]
    let life = last - opened + (clientPorts == nil ? 3000 : 100)
    let line = proxy(
      gate, at: skewed(opened - 10), for: life, from: known.downstreamRemote,
      as: known.upstreamLocal)
    known.hop = line.hop
    lines[place] = known
  }
}
