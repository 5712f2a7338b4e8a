/// A connection that Istio's ztunnel logged at its end, read as an access log of a TCP connection.
///
///     TIME⇥info⇥access⇥connection complete⇥src.addr=… src.workload="…" … dst.hbone_addr=… direction="outbound"
///     bytes_sent=84 bytes_recv=853 duration="12ms" [error="…"]
///
/// or the same keys in JSON beside level, time, scope and message. The line's time is the connection's end. It names both
/// ends, so it says itself whose proxy it was for: the source's workload if outbound, the destination's if inbound; the
/// other end's is kept in place of the authority, which a connection has not.
///
/// `dst.addr` is where the connection went, `dst.hbone_addr` what was asked for there: through a waypoint the address of a
/// service, across networks its name.
/// Source: istio/ztunnel `src/proxy/metrics.rs`.
struct ZtunnelLine {
  private var values: [String: [UInt8]] = [:]
  /// The text ended within a value, or where one should begin.
  private var isTorn = false

  /// Whether a text line of ztunnel's begins at `start`.
  static func isAt(_ line: Span<UInt8>, _ start: Int) -> Bool {
    guard let end = Stamp.end(in: line, at: start), end < line.count, line[end] == 0x09,
      let level = line.first(0x09, from: end + 1, to: min(line.count, end + 16))
    else { return false }
    return line.holds("\taccess\tconnection ", at: level)
  }

  /// Reads a text line that begins at `start`.
  init(_ line: Span<UInt8>, at start: Int) {
    guard let end = Stamp.end(in: line, at: start),
      let level = line.first(0x09, from: end + 1, to: line.count),
      let scope = line.first(0x09, from: level + 1, to: line.count)
    else { return }
    values["time"] = Self.bytes(line, start..<end)
    var index = line.first(0x09, from: scope + 1, to: line.count) ?? line.count
    values["message"] = Self.bytes(line, scope + 1..<index)
    while index < line.count { take(line, &index) }
  }

  /// `key=value` or `key="value"`.
  private mutating func take(_ line: Span<UInt8>, _ index: inout Int) {
    index += 1
    let start = index
    while index < line.count, line[index] != 0x3D, line[index] > 0x20 { index += 1 }
    guard index < line.count, line[index] == 0x3D, index - start <= 64 else { return }
    let key = String(decoding: Self.bytes(line, start..<index), as: UTF8.self)
    index += 1
    let isQuoted = index < line.count && line[index] == 0x22
    if isQuoted { index += 1 }
    let valueStart = index
    while index < line.count, isQuoted ? line[index] != 0x22 : line[index] > 0x20 {
      index += isQuoted && line[index] == 0x5C ? 2 : 1
    }
    if (isQuoted ? index : valueStart) >= line.count { isTorn = true }
    index = min(index, line.count)
    let value = Self.bytes(line, valueStart..<index)
    if isQuoted { index += 1 }
    if values[key] == nil { values[key] = value }
  }

  /// Takes the members of an object; what shippers made of the dots in their names, an underscore or an object of its own, is
  /// the same.
  init(_ node: Int, _ tape: JSONTape, _ text: Span<UInt8>) {
    tape.children(of: node) { place, child in
      let key = String(decoding: Self.bytes(text, child.key), as: UTF8.self)
      if child.kind == .object, ZtunnelLine.ends.contains(key) {
        tape.children(of: place) { _, inner in
          take(inner, key + "." + String(decoding: Self.bytes(text, inner.key), as: UTF8.self), text)
        }
      } else {
        let isFlat = ZtunnelLine.ends.contains(String(key.prefix(3))) && key.dropFirst(3).first == "_"
        take(child, isFlat ? "\(key.prefix(3)).\(key.dropFirst(4))" : key, text)
      }
    }
  }

  private static let ends: Set<String> = ["src", "dst"]

  private mutating func take(_ node: JSONTape.Node, _ key: String, _ text: Span<UInt8>) {
    guard !node.isContainer, values[key] == nil else { return }
    var value: [UInt8] = []
    JSONString.unescape(text, node.range, into: &value)
    values[key] = value
  }

  private static let failed = Array("connection failed".utf8)

  /// It is said that the connection is there: another line says what became of it.
  var isOpening: Bool { values["message"].map { $0.starts(with: Array("connection open".utf8)) } ?? false }

  /// Whether it is all there: of a line that was cut the end is not known, and it would be another one when it comes whole.
  private var isWhole: Bool {
    guard !isTorn else { return false }
    if values["duration"] != nil { return true }
    return values["message"] == ZtunnelLine.failed && (values["error"] != nil || values["direction"] != nil)
  }

  private static func bytes(_ line: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(line, range)
    return bytes
  }

  private var isInbound: Bool { values["direction"] == Array("inbound".utf8) }

  /// The proxied workload's names.
  var names: Origin<[UInt8]> {
    let side = isInbound ? "dst" : "src"
    var names = Origin<[UInt8]>()
    names.take(.podName, values["\(side).workload"] ?? [])
    names.take(.podNamespace, values["\(side).namespace"] ?? [])
    names.take(.containerName, ZtunnelLine.container)
    // Istio's id of the cluster, which is the same in all that nobody gave another.
    let cluster = values["\(side).cluster"] ?? []
    if cluster != ZtunnelLine.anyCluster { names.take(.meshCluster, cluster) }
    return names
  }

  static let container = Array("ztunnel".utf8)
  private static let anyCluster = Array("Kubernetes".utf8)

  /// The line as Istio's JSON; nil where it is no connection's, or says only that one was opened, or was cut.
  ///
  /// ztunnel counts what it sent and received itself: outbound it sent what the client had, inbound what the server answered.
  /// Envoy's `bytes_sent` is what went to the client.
  var accessLog: [UInt8]? {
    guard isWhole, !isOpening, let time = values["time"],
      values["src.addr"] != nil || values["dst.addr"] != nil,
      let end = PaddedBytes.withCopy(of: time, { Timestamp.parse($0) })
    else { return nil }
    let duration = Self.microseconds(values["duration"] ?? [])
    let target = isInbound ? host : values["dst.hbone_addr"] ?? values["dst.addr"] ?? []
    var out = Members()
    out.add("start_time", Array(UTCText.text(end.microseconds - (duration ?? 0)).utf8))
    if let duration { out.add(number: "duration_us", duration) }
    out.add("bytes_received", values[isInbound ? "bytes_recv" : "bytes_sent"])
    out.add("bytes_sent", values[isInbound ? "bytes_sent" : "bytes_recv"])
    out.add("downstream_remote_address", values["src.addr"])
    out.add("authority", peer)
    if values["dst.hbone_addr"] != nil { out.add("protocol", Array("HBONE".utf8)) }
    let port = Self.port(of: target)
    if isInbound {
      out.add("downstream_local_address", target)
      out.add("upstream_host", target)
      out.add("upstream_cluster", Array("inbound|\(port)||".utf8))
      if let service = values["dst.service"] {
        out.add("requested_server_name", Array("outbound_.\(port)_._.".utf8) + service)
      }
    } else {
      if let proxy {
        out.add("upstream_host", proxy)
        // A name is no address of anybody.
        if SocketAddress(target) != nil { out.add("downstream_local_address", target) }
      } else {
        out.add("upstream_host", target)
      }
      if let service = values["dst.service"], !service.isEmpty {
        out.add("upstream_cluster", Array("outbound|\(port)||".utf8) + service)
      } else {
        out.add("upstream_cluster", Array("PassthroughCluster".utf8))
      }
    }
    out.add("upstream_transport_failure_reason", values["error"])
    out.add("access_log_type", Array("ztunnel".utf8))
    return out.text
  }

  /// Of an outbound connection: the proxy that it went to, where that is not whom the app asked for.
  private var proxy: [UInt8]? {
    guard let address = values["dst.addr"], let asked = values["dst.hbone_addr"],
      let ip = SocketAddress(address)?.ip, SocketAddress(asked)?.ip != ip
    else { return nil }
    return address
  }

  /// Of an inbound connection: the pod and the port that was asked for. From another network the name of a service is asked
  /// for, and the pod is where the connection went.
  private var host: [UInt8] {
    let address = values["dst.addr"] ?? []
    guard let asked = values["dst.hbone_addr"] else { return address }
    if SocketAddress(asked) != nil { return asked }
    guard let ip = SocketAddress(address)?.ip else { return asked }
    return Array(SocketAddress(ip: ip, port: Int(Self.port(of: asked))).description.utf8)
  }

  /// The other end's pod, as `namespace/pod`, or `pod`.
  private var peer: [UInt8]? {
    let side = isInbound ? "src" : "dst"
    guard let workload = values["\(side).workload"], !workload.isEmpty else { return nil }
    guard let namespace = values["\(side).namespace"], !namespace.isEmpty else { return workload }
    return namespace + Array("/".utf8) + workload
  }

  private static func port(of address: [UInt8]) -> String {
    guard let colon = address.lastIndex(of: UInt8(ascii: ":")) else { return "0" }
    let port = address[(colon + 1)...]
    return !port.isEmpty && port.allSatisfy(\.isDigit) ? String(decoding: port, as: UTF8.self) : "0"
  }

  /// `12ms`, `1.5s`, `300µs`, `12` (milliseconds).
  private static func microseconds(_ text: [UInt8]) -> Int64? {
    let digits = text.prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
    guard let value = Double(String(decoding: digits, as: UTF8.self)), value >= 0, value < 1e9 else {
      return nil
    }
    switch String(decoding: text.dropFirst(digits.count), as: UTF8.self) {
    case "ms", "": return Int64(value * 1000)
    case "s": return Int64(value * 1_000_000)
    case "us", "µs", "μs": return Int64(value)
    case "ns": return Int64(value / 1000)
    default: return nil
    }
  }

  /// JSON members one behind the other.
  private struct Members {
    private var bytes: [UInt8] = [0x7B]

    mutating func add(_ key: String, _ value: [UInt8]?) {
      guard let value, !value.isEmpty else { return }
      begin(key)
      bytes.append(0x22)
      JSONString.escape(value, into: &bytes)
      bytes.append(0x22)
    }

    mutating func add(number key: String, _ value: Int64) {
      begin(key)
      bytes += Array(String(value).utf8)
    }

    private mutating func begin(_ key: String) {
      if bytes.count > 1 { bytes.append(0x2C) }
      bytes += Array("\"\(key)\":".utf8)
    }

    var text: [UInt8] { bytes + [0x7D] }
  }
}
