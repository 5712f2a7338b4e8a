import AccessLog

@testable import Correlation

/// Hops from lines such as `1 server web 100 +20 shop id=7`: id, role, pod, start and duration, service, extras.
///
/// Times are in units of the precision: milliseconds unless said. Extras: `id=`, `trace=` (the low half of the key),
/// `route=`, `cut` (ended by the caller).
func hops(_ text: String, precision: Int32 = 1000) -> [Hop] {
  text.split(separator: "\n").map { hop(String($0), precision: precision) }
}

private let pods = ["web": Int32(0), "api": 1, "web2": 2]
private let services = ["shop": Int32(0), "geo": 1, "rate": 2, "web": 3]

private func hop(_ line: String, precision: Int32) -> Hop {
  let words = line.split(separator: " ").map(String.init)
  var hop = Hop(
    id: Int64(words[0]) ?? 0, role: role(words[1]), pod: pods[words[2]] ?? -1, meshCluster: 0,
    workload: words[2] == "api" ? 1 : 0, service: services[words[5]] ?? -1,
    start: (Int64(words[3]) ?? 0) * Int64(precision),
    duration: (Int64(words[4].dropFirst()) ?? 0) * Int64(precision), startPrecision: precision,
    durationPrecision: precision, requestID: .missing, traceID: .missing, upstreamHost: 0, upstreamLocal: 0,
    downstreamLocal: 0, downstreamRemote: 0, content: 0, route: 0, headerBytes: 0, bytesReceived: 0,
    bytesSent: 0, responseCode: 200, flags: [], httpVersion: 1)
  for extra in words.dropFirst(6) {
    let value = UInt64(extra.drop { $0 != "=" }.dropFirst()) ?? 0
    if extra.hasPrefix("id=") { hop.requestID = WideKey(high: 0, low: value) }
    if extra.hasPrefix("trace=") { hop.traceID = WideKey(high: 0, low: value) }
    if extra.hasPrefix("route=") { hop.route = value }
    if extra == "cut" { hop.flags = .downstreamConnectionTermination }
  }
  return hop
}

private func role(_ word: String) -> Role {
  Role.allCases.first { $0.name == word } ?? .unknown
}

/// What the matcher says, as client id → server id; clients without a parent are left out.
func parents(_ hops: [Hop]) -> [Int64: Int64] {
  var result: [Int64: Int64] = [:]
  for link in AppMatcher().match(hops) where link.server != nil { result[link.client] = link.server }
  return result
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  mutating func roll(_ range: Range<Int64>) -> Int64 {
    range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound))
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(last, Int(next() % UInt64(last + 1)))
    }
    return result
  }
}

/// A pod's requests, each of which calls geo, then rate; and which call is whose.
///
/// Microseconds. A new request starts while earlier ones run: about three are open at once.
struct BusyPod {
  var hops: [Hop] = []
  var truth: [Int64: Int64] = [:]

  init(requests: Int64, seed: UInt64) {
    var dice = Dice(state: seed)
    var start: Int64 = 1_000_000
    for number in 0..<requests {
      let id = number * 10
      let geo = start + dice.roll(200..<400)
      let geoEnd = geo + dice.roll(2_000..<12_000)
      let rate = geoEnd + dice.roll(150..<300)
      let rateEnd = rate + dice.roll(1_000..<9_000)
      let end = rateEnd + dice.roll(100..<250)
      let lines = """
        \(id) server web \(start) +\(end - start) shop
        \(id + 1) client web \(geo) +\(geoEnd - geo) geo
        \(id + 2) client web \(rate) +\(rateEnd - rate) rate
        """
      hops += CorrelationTests.hops(lines, precision: 1)
      truth[id + 1] = id
      truth[id + 2] = id
      start += dice.roll(500..<9_000)
    }
  }

  /// Share of the calls with a parent in `hops` that were given it.
  func shareRight(_ found: [Int64: Int64]) -> Double {
    let present = Set(hops.map(\.id))
    let answerable = truth.filter { present.contains($0.key) && present.contains($0.value) }
    let right = answerable.filter { found[$0.key] == $0.value }
    return Double(right.count) / Double(answerable.count)
  }
}
