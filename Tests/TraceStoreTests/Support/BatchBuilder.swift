import AccessLog
import Foundation
import Testing
import TraceStore

/// What a test says about a hop; the rest is ordinary.
struct TestHop {
  var start: Int64 = 1_760_000_000_000_000
  var identity: (high: UInt64, low: UInt64)?
  var source = "ack1.default.sleep-x.istio-proxy.log"
  var line: Int64 = 1
  var role = Role.client
  var flags: ResponseFlags = []
  var code: Int32? = 200
  var method: String? = "GET"
  var authority: String? = "httpbin:8000"
  var httpProtocol: String? = "HTTP/1.1"
  var service: String? = "httpbin.default.svc.cluster.local"
  var path: String? = "/get"
  var inlinePath: String?
  var userAgent: String? = "curl/8"
  var requestID: IdentifierRef = .none
  var requestText: String?
  var traceID: IdentifierRef = .none
  var upstreamHost: TestAddress = .ip(0x0a02_0115, 80)
  var upstreamLocal: TestAddress = .ip(0x0a01_0105, 40001)
  var downstreamLocal: TestAddress = .missing
  var downstreamRemote: TestAddress = .missing
  var duration: Int64 = 49_000
  var upstreamServiceTime: Int64 = HopRow.missing
  var received: Int64 = 10
  var sent: Int64 = 20
  var precision = TimePrecision(startMicroseconds: 1000, durationMicroseconds: 1000)
  var anomalies: Anomalies = []
  var unrecognisedFlags: String?
}

enum TestAddress {
  case missing
  case ip(Int64, Int64)
  case text(String)
}

/// A parser's tables, by hand: gives every text, set and source its index and hands out batches.
struct BatchBuilder {
  private var batch = HopBatch()
  private var texts: [String: Int32] = [:]
  private var sets: [AttributeSet: Int32] = [:]
  private var sources: [String: Int32] = [:]

  mutating func add(_ hop: TestHop) {
    let path = hop.inlinePath.map { inline($0) } ?? ref(hop.path)
    let requestID =
      hop.requestText.map { IdentifierRef(form: .text, high: 1, low: 2, text: inline($0)) } ?? hop.requestID
    let set = attributes(hop)
    let attributeIndex = index(of: set)
    batch.rows.append(
      HopRow(
        startMicroseconds: hop.start, identity: hop.identity ?? identity(hop), source: source(hop.source),
        line: hop.line, attributes: attributeIndex, path: path, userAgent: ref(hop.userAgent),
        forwardedFor: .none,
        requestID: requestID, traceID: hop.traceID, upstreamLocal: address(hop.upstreamLocal),
        downstreamRemote: address(hop.downstreamRemote), durationMicroseconds: hop.duration,
        upstreamServiceTimeMilliseconds: hop.upstreamServiceTime, bytesReceived: hop.received,
        bytesSent: hop.sent,
        precision: hop.precision, anomalies: hop.anomalies))
  }

  /// What was added since the last time, as a parser would hand it over.
  mutating func take() -> HopBatch {
    let taken = batch
    batch = HopBatch()
    batch.firstText = Int32(texts.count)
    batch.firstAttributeSet = Int32(sets.count)
    batch.firstSource = Int32(sources.count)
    return taken
  }

  private mutating func attributes(_ hop: TestHop) -> AttributeSet {
    AttributeSet(
      role: hop.role, responseFlags: hop.flags, responseCode: hop.code, httpProtocol: index(hop.httpProtocol),
      method: index(hop.method), authority: index(hop.authority), upstreamCluster: -1,
      requestedServerName: -1,
      texts: AttributeText.all.map { $0.field == .responseCodeDetails ? index("via_upstream") : -1 },
      unrecognisedFlags: index(hop.unrecognisedFlags), serviceHost: index(hop.service),
      servicePort: hop.service == nil ? -1 : 8000, subset: -1, upstreamHost: address(hop.upstreamHost),
      downstreamLocal: address(hop.downstreamLocal),
      own: HopOwn(
        source: source(hop.source), upstreamLocal: address(hop.upstreamLocal),
        downstreamRemote: address(hop.downstreamRemote), precision: hop.precision, anomalies: hop.anomalies))
  }

  private mutating func index(of set: AttributeSet) -> Int32 {
    if let index = sets[set] { return index }
    let index = Int32(sets.count)
    sets[set] = index
    batch.attributeSets.append(set)
    return index
  }

  private mutating func index(_ text: String?) -> Int32 {
    guard let text else { return -1 }
    if let index = texts[text] { return index }
    let index = Int32(texts.count)
    texts[text] = index
    batch.texts.append(Array(text.utf8))
    return index
  }

  private mutating func ref(_ text: String?) -> TextRef { text.map { .table(index($0)) } ?? .none }

  private mutating func inline(_ text: String) -> TextRef {
    let offset = batch.inlineBytes.count
    batch.inlineBytes += Array(text.utf8)
    return .inline(offset: offset, count: text.utf8.count)
  }

  private mutating func address(_ address: TestAddress) -> Address {
    switch address {
    case .missing: .missing
    case .ip(let ip, let port): Address(rawValue: ip << 16 | port)
    case .text(let text): .text(index(text))
    }
  }

  /// `MESHCLUSTER.NAMESPACE.POD.CONTAINER.log`
  private mutating func source(_ name: String) -> Int32 {
    if let index = sources[name] { return index }
    let index = Int32(sources.count)
    sources[name] = index
    let parts = name.split(separator: ".").map(String.init)
    batch.sources.append(
      SourceIdentity(
        name: name,
        origin: Origin(meshCluster: parts[0], namespace: parts[1], pod: parts[2], container: parts[3]),
        workload: String(parts[2].prefix { $0 != "-" })))
    return index
  }

  /// A hash of what the line would say, like the parser's.
  private func identity(_ hop: TestHop) -> (high: UInt64, low: UInt64) {
    var copy = hop
    copy.line = 0
    var high: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(copy)".utf8 { high = (high ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return (high, (high ^ high >> 29) &* 0xbf58_476d_1ce4_e5b9)
  }
}

/// A store in a folder of its own, which goes when the test ends.
final class ScratchStore {
  let folder: URL
  var path: String { folder.appendingPathComponent("meshweft.db").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("meshweft-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes the hops in batches of a size, and closes.
  @discardableResult
  func store(
    _ hops: [TestHop], batch: Int = .max, options: StoreOptions = StoreOptions()
  ) throws -> (stored: Int, duplicate: Int, collisions: Int) {
    let writer = try StoreWriter(path: path, options: options)
    var builder = BatchBuilder()
    var tables = IngestTables()
    var counts = (stored: 0, duplicate: 0, collisions: 0)
    for (index, hop) in hops.enumerated() {
      builder.add(hop)
      guard (index + 1).isMultiple(of: batch) || index == hops.count - 1 else { continue }
      let result = try writer.append(builder.take(), &tables)
      counts = (
        counts.stored + result.stored, counts.duplicate + result.duplicate,
        counts.collisions + result.collisions
      )
    }
    try writer.close()
    return counts
  }

  func read<T>(_ body: (StoreReader) throws -> T) throws -> T {
    let reader = try StoreReader(path: path)
    let value = try body(reader)
    try reader.close()
    return value
  }
}
