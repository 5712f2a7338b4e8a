/// One client connection as bytes and times see it.
struct ClientRun {
  var hops: [Int32]
  var service: Int32
  var cluster: Int32
  /// Microseconds on the client's clock.
  var firstStart: Int64
  var firstEnd: Int64
  var lastEnd: Int64
  var requests: Double
  /// What its pod's log covers: the first start and the last, microseconds on its clock. What the connection carried
  /// outside of it nobody logged.
  var log: ClosedRange<Int64> = .min ... .max
  /// Bodies and header text that went up and down, bytes; NaN where a line lacks them.
  var up: Double
  var down: Double

  init(_ table: HopTable, _ hops: [Int32]) {
    self.hops = hops
    let first = table[hops[0]]
    service = first.service
    cluster = first.meshCluster
    firstStart = first.start
    firstEnd = first.end
    lastEnd = hops.reduce(Int64.min) { max($0, table[$1].end) }
    requests = Double(hops.count)
    up = hops.reduce(0) { $0 + ClientRun.bytes(table[$1].bytesReceived) + Double(table[$1].headerBytes) }
    down = hops.reduce(0) { $0 + ClientRun.bytes(table[$1].bytesSent) }
  }

  private static func bytes(_ logged: Int64) -> Double { logged < 0 ? .nan : Double(logged) }
}
