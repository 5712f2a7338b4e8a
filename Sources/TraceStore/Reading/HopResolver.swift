internal import AccessLog

/// Gives stored hops their names, as the view `hops` does, at a fraction of its price: what hops of one attribute set have in
/// common is asked of the view once.
///
/// What it keeps is bounded. For one thread, and for one moment of the store: `forget` before another one.
final class HopResolver {
  /// What hops of an attribute set have in common.
  struct Common {
    /// With the names of the set; what a hop has of its own is its first one's.
    var hop: StoredHop
    /// `source.id`.
    var source: Int64
    /// IPs of the addresses whose ports stand in the row.
    var upstreamLocalIP: Int64?
    var downstreamRemoteIP: Int64?
  }

  private let view, set, text, second: RawStatement
  private var commons: [Int64: Common?] = [:]
  private var texts: [Int64: String?] = [:]
  /// The second that was asked for last, and its text: hops come in the order of time.
  private var lastSecond: Int64?
  private var lastText: [UInt8]?

  /// Beyond these what was kept is forgotten: some 60 MB and 4 MB at most.
  private static let mostCommons = 1 << 15
  private static let mostTexts = 1 << 14

  init(_ reader: StoreReader) throws {
    view = try reader.connection.statement("SELECT * FROM hops WHERE id = ?")
    set = try reader.connection.statement(
      "SELECT source, upstream_local_ip, downstream_remote_ip FROM attribute_set WHERE id = ?")
    text = try reader.connection.statement("SELECT text FROM text WHERE id = ?")
    second = try reader.connection.statement("SELECT strftime('%Y-%m-%dT%H:%M:%S', ?, 'unixepoch')")
  }

  /// Sets and texts may be other ones from now on.
  func forget() {
    commons.removeAll()
    texts.removeAll()
  }

  /// What a hop has in common with the others of its attribute set; nil where there is none, or no source: then the hop is
  /// in no trace, either.
  func common(_ raw: RawHop) throws -> Common? {
    if let known = commons[raw.attributes] { return known }
    if commons.count >= HopResolver.mostCommons { commons.removeAll(keepingCapacity: true) }
    var common: Common?
    if let hop = try resolvedByView(raw.id) {
      set.bind(1, raw.attributes)
      defer { set.reset() }
      if try set.step() {
        common = Common(
          hop: hop, source: set.integer(0), upstreamLocalIP: set.optionalInteger(1),
          downstreamRemoteIP: set.optionalInteger(2))
      }
    }
    commons[raw.attributes] = .some(common)
    return common
  }

  /// A hop as the view has it; nil where it has none.
  func resolved(_ raw: RawHop) throws -> StoredHop? {
    guard let common = try common(raw) else { return nil }
    guard raw.isPlain, let serviceTime = HopResolver.serviceTime(raw) else {
      return try resolvedByView(raw.id)
    }
    var hop = common.hop
    hop.id = raw.id
    hop.startMicroseconds = raw.start
    hop.startTime = try time(raw.start, isFine: hop.precision.startMicroseconds == 1)
    hop.durationMicroseconds = raw.duration
    hop.line = raw.line
    hop.path = try string(raw.path)
    hop.userAgent = try string(raw.userAgent)
    hop.forwardedFor = try string(raw.forwardedFor)
    if case .bits(let high, let low) = raw.requestID {
      hop.requestID = IdentifierText.string(high: high, low: low, dashes: true)
    } else {
      hop.requestID = try string(raw.requestID)
    }
    if case .bits(let high, let low) = raw.traceID {
      hop.traceID = IdentifierText.string(high: high, low: low, dashes: false)
    } else {
      hop.traceID = try string(raw.traceID)
    }
    hop.upstreamLocalAddress = try address(raw.upstreamLocal, ip: common.upstreamLocalIP)
    hop.downstreamRemoteAddress = try address(raw.downstreamRemote, ip: common.downstreamRemoteIP)
    hop.bytesReceived = raw.bytesReceived
    hop.bytesSent = raw.bytesSent
    hop.upstreamServiceTimeMilliseconds = serviceTime
    return hop
  }

  private func resolvedByView(_ key: Int64) throws -> StoredHop? {
    view.bind(1, key)
    defer { view.reset() }
    return try view.step() ? StoredHop(SQLRow(statement: view)) : nil
  }

  /// Milliseconds, nil in it where there is none; nil where they are more than a number holds.
  private static func serviceTime(_ raw: RawHop) -> Int64?? {
    guard let gap = raw.serviceTimeGap else { return .some(nil) }
    let (time, isTooMuch) = ((raw.duration ?? 0) / 1000).subtractingReportingOverflow(gap)
    return isTooMuch ? nil : .some(time)
  }

  private func string(_ value: RawHop.Value) throws -> String? {
    switch value {
    case .number(let id): try string(ofText: id)
    case .text(let text): text
    case .missing, .bits, .other: nil
    }
  }

  private func string(ofText id: Int64) throws -> String? {
    if let known = texts[id] { return known }
    if texts.count >= HopResolver.mostTexts { texts.removeAll(keepingCapacity: true) }
    text.bind(1, id)
    defer { text.reset() }
    let found = try text.step() ? text.optionalText(0) : nil
    texts[id] = .some(found)
    return found
  }

  /// Of the port in a row, less 32 768, where the IP stands with the attributes; else of the whole address there.
  private func address(_ stored: Int64?, ip: Int64?) throws -> String? {
    if let ip { return HopResolver.address(ip: ip, port: stored.map { $0 &+ 32_768 } ?? 0) }
    guard let stored, stored != 0 else { return nil }
    return stored > 0
      ? HopResolver.address(ip: stored >> 16, port: stored & 0xFFFF) : try string(ofText: 0 &- stored)
  }

  private static func address(ip: Int64, port: Int64) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    for shift in [24, 16, 8, 0] as [Int64] {
      append(ip >> shift & 255, to: &bytes)
      bytes.append(shift == 0 ? UInt8(ascii: ":") : UInt8(ascii: "."))
    }
    append(port, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) {
    if (0..<10).contains(number) { return bytes.append(UInt8(truncatingIfNeeded: 48 + number)) }
    bytes.append(contentsOf: String(number).utf8)
  }

  private func time(_ microseconds: Int64, isFine: Bool) throws -> String? {
    var fraction = microseconds % 1_000_000
    if fraction < 0 { fraction += 1_000_000 }
    let seconds = (microseconds - fraction) / 1_000_000
    if seconds != lastSecond {
      second.bind(1, seconds)
      defer { second.reset() }
      lastText = try second.step() ? second.optionalText(0).map { Array($0.utf8) } : nil
      lastSecond = seconds
    }
    guard var bytes = lastText else { return nil }
    bytes.append(UInt8(ascii: "."))
    var unit: Int64 = 100_000
    for _ in 0..<(isFine ? 6 : 3) {
      bytes.append(UInt8(truncatingIfNeeded: 48 + fraction / unit % 10))
      unit /= 10
    }
    bytes.append(UInt8(ascii: "Z"))
    return String(decoding: bytes, as: UTF8.self)
  }
}
