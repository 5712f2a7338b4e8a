internal import AccessLog
internal import Queries
internal import TraceStore

/// The name by which a user asks for a service: `httpbin.default.svc.cluster.local:8000`, the host alone, or its first labels
/// (`httpbin`, `httpbin.default`), each with the port or without.
public enum ServiceName {
  /// Services that an error or a note lists at most.
  private static let listed = 5

  /// What a user typed as services are stored: an address as all are written (RFC 5952), an IPv6 one in brackets.
  public static func canonical(_ typed: String) -> String {
    let host = HostName(typed)
    guard let address = IPAddress(host.ip) else { return typed }
    let shown = address.ipv4 == nil ? "[\(host.ip)]" : host.ip
    return host.port.map { "\(shown):\($0)" } ?? shown
  }

  /// Whether the service `name` (`host:port` or `host`) is one that `asked` stands for, as the statements have it.
  static func fits(_ name: String, asked: String) -> Bool {
    if name == asked { return true }
    let (host, port) = parts(name)
    if host == asked || host.hasPrefix(asked + ".") { return true }
    let (labels, wanted) = parts(asked)
    return wanted != nil && wanted == port && host.hasPrefix(labels + ".")
  }

  /// `host` and `port` of `host:port`; no port where there is none.
  static func parts(_ name: String) -> (host: Substring, port: Substring?) {
    // An IPv6 address stands in brackets.
    let end = name.hasPrefix("[") ? name.lastIndex(of: "]") ?? name.startIndex : name.startIndex
    guard let colon = name[end...].firstIndex(of: ":") else { return (name[...], nil) }
    return (name[..<colon], name[name.index(after: colon)...])
  }

  /// A sentence for standard error where `asked` stands for several services; none where it is nil or stands for one.
  /// - Throws: `UsageError` with the nearest names where no line names such a service; `StoreError`
  static func notes(_ asked: String?, _ reader: StoreReader) throws -> [String] {
    guard let asked else { return [] }
    let matches = try names(asked, reader)
    guard !matches.isEmpty else { throw unknown(asked, among: try names(nil, reader)) }
    guard matches.count > 1 else { return [] }
    return [
      "\(Shown.text(asked, limit: 100)) matches \(matches.count) services: \(list(matches)). Give more of the name to choose one."
    ]
  }

  private static func names(_ asked: String?, _ reader: StoreReader) throws -> [String] {
    var names: [String] = []
    try reader.run(.services, ["service": SQLValue(asked)]) { row in
      if let name = row.text(0) { names.append(name) }
    }
    return names
  }

  static func unknown(_ asked: String, among names: [String]) -> UsageError {
    let beginning = "no service \(Shown.text(asked, limit: 100)) in the database"
    if names.isEmpty { return UsageError("\(beginning): its lines name no service") }
    let near = NearestNames(asked, among: names, forms: forms).names
    if near.isEmpty { return UsageError("\(beginning). It has \(list(names)).") }
    return UsageError(
      "\(beginning). Did you mean \(near.map { Shown.text($0, limit: 200) }.joined(separator: " or "))?")
  }

  /// What a user may have meant to type for a service: all of it, the host, and its first labels.
  private static func forms(_ name: String) -> [String] {
    let host = String(parts(name).host)
    let labels = host.split(separator: ".")
    let beginnings = (1..<max(2, min(labels.count, 4))).map { labels.prefix($0).joined(separator: ".") }
    let ported = parts(name).port.map { port in beginnings.map { "\($0):\(port)" } } ?? []
    return [name, host] + beginnings + ported
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(listed).map { Shown.text($0, limit: 200) }.joined(separator: ", ")
    let more = names.count - listed
    return more > 0 ? "\(shown) and \(Quantity.grouped(Int64(more))) more" : shown
  }
}
