internal import AccessLog
internal import Foundation

/// One endpoint of a service, as Kubernetes lists it.
struct Endpoint: Sendable, Hashable {
  var ip: String
  /// Nil where the list names none: it stands for any port of the address.
  var port: Int?
  var pod: String

  var address: String { port.map { "\(ip):\($0)" } ?? ip }

  /// The address of `ip:port` without its port.
  static func ip(_ host: String) -> String {
    guard let colon = host.lastIndex(of: ":") else { return host }
    return String(host[..<colon])
  }

  /// Reads what `--endpoints` names, a pipe or a file (not one of `database`): the JSON of `kubectl get endpointslices,endpoints -o json`, or lines of
  /// `ADDRESS[:PORT] [POD]`, `#` before a comment.
  ///
  /// - Throws: `UsageError` where the file cannot be read or a line names no address.
  static func list(file path: String, database: String = "") throws -> [Endpoint] {
    let data: Data
    do throws(WholeFile.Failure) {
      data = Data(try WholeFile(path, database: database).read(limit: Limits.endpointsBytes))
    } catch {
      throw UsageError("--endpoints: \(Shown.path(path)) \(error)")
    }
    if data.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
      guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
        throw UsageError("--endpoints: \(Shown.text(path, limit: 200)) is not JSON")
      }
      let items = object["items"] as? [[String: Any]] ?? [object]
      return items.flatMap { slice($0) + subsets($0) }
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    return try lines.compactMap { try line(String($0), path) }
  }

  private static func line(_ line: String, _ path: String) throws -> Endpoint? {
    let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let host = words.first else { return nil }
    let pod = words.count > 1 ? words[1] : ""
    let parts = host.split(separator: ":").map(String.init)
    if parts.count == 2, let port = Int(parts[1]) { return Endpoint(ip: parts[0], port: port, pod: pod) }
    guard host.contains(".") || parts.count > 2 else {
      throw UsageError(
        "--endpoints: \(Shown.text(path, limit: 200)) has \(Shown.text(line, limit: 60)) where an address is expected"
      )
    }
    return Endpoint(ip: host, port: nil, pod: pod)
  }

  /// Of a discovery.k8s.io/v1 EndpointSlice.
  private static func slice(_ object: [String: Any]) -> [Endpoint] {
    let ports = (object["ports"] as? [[String: Any]] ?? []).map { $0["port"] as? Int }
    return (object["endpoints"] as? [[String: Any]] ?? []).flatMap { endpoint in
      let pod = (endpoint["targetRef"] as? [String: Any])?["name"] as? String ?? ""
      return (endpoint["addresses"] as? [String] ?? []).flatMap { ip in
        (ports.isEmpty ? [nil] : ports).map { Endpoint(ip: ip, port: $0, pod: pod) }
      }
    }
  }

  /// Of a v1 Endpoints.
  private static func subsets(_ object: [String: Any]) -> [Endpoint] {
    (object["subsets"] as? [[String: Any]] ?? []).flatMap { subset in
      let ports = (subset["ports"] as? [[String: Any]] ?? []).map { $0["port"] as? Int }
      return (subset["addresses"] as? [[String: Any]] ?? []).flatMap { address -> [Endpoint] in
        guard let ip = address["ip"] as? String else { return [] }
        let pod = (address["targetRef"] as? [String: Any])?["name"] as? String ?? ""
        return (ports.isEmpty ? [nil] : ports).map { Endpoint(ip: ip, port: $0, pod: pod) }
      }
    }
  }
}
