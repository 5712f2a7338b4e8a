internal import AccessLog
internal import Foundation

/// A service's endpoints, each once: one pod stands in the slice of each family, in an Endpoints object beside it, and in a
/// subset for each set of ports.
public struct EndpointList: Sendable {
  private(set) var endpoints: [Endpoint] = []
  /// Places among `endpoints`.
  private var byIP: [Key: Int] = [:]
  private var byPod: [PodKey: Int] = [:]

  /// Pods of a node's network share its address; where nobody says which pod, an address is one endpoint.
  private struct Key: Hashable {
    var ip: String
    var pod: String
    /// Of a line, which names one port: two ports are two endpoints.
    var port: Int?
  }

  /// A pod has one address of each family at most.
  private struct PodKey: Hashable {
    var pod: String
    var isIPv6: Bool
    var port: Int?
  }

  /// A line of a list: an address, and the pod that it names, or an empty text.
  struct Line {
    var host: HostName
    var pod: String
  }

  /// - Returns: what a line names, if it holds anything; nil where that is no address.
  static func line(_ line: String) -> [Line]? {
    let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let text = words.first else { return [] }
    let host = HostName(text.hasPrefix("tcp://") ? String(text.dropFirst(6)) : text)
    return isAddress(host.ip) ? [Line(host: host, pod: words.count > 1 ? words[1] : "")] : nil
  }

  /// Takes all lines of a list. An address without a port means whichever ports it has: where other lines name them, it is none
  /// of its own.
  mutating func add(_ lines: [Line]) {
    let withPorts = Set(lines.filter { $0.host.port != nil }.map(\.host.ip))
    var podOf: [String: String] = [:]
    for line in lines where !line.pod.isEmpty && podOf[line.host.ip] == nil { podOf[line.host.ip] = line.pod }
    for line in lines where line.host.port != nil || !withPorts.contains(line.host.ip) {
      let pod = line.pod.isEmpty ? podOf[line.host.ip] ?? "" : line.pod
      add(line.host.ip, line.host.port.map { [$0] } ?? [], pod: pod, linePort: line.host.port)
    }
  }

  /// An address, or a name with a dot, which an external service may have.
  private static func isAddress(_ host: String) -> Bool {
    if ["/", "@", "envoy://"].contains(where: host.hasPrefix) { return true }
    return host.contains(":") ? IPAddress(host) != nil : host.contains(".")
  }

  /// Takes an EndpointSlice (discovery.k8s.io/v1), an Endpoints or a Pod (v1); others have no endpoints.
  mutating func add(_ object: [String: Any]) {
    let namespace = EndpointList.name(object["metadata"], "namespace")
    addSlice(object, namespace)
    addSubsets(object, namespace)
    addPod(object, namespace)
  }

  private mutating func addSlice(_ object: [String: Any], _ namespace: String) {
    let ports = EndpointList.ports(object)
    for endpoint in object["endpoints"] as? [[String: Any]] ?? [] where EndpointList.getsRequests(endpoint) {
      // The addresses of one endpoint stand for the same pod; clients take the first.
      for ip in (endpoint["addresses"] as? [String] ?? []).prefix(1) {
        add(HostName(ip).ip, ports, pod: EndpointList.name(endpoint["targetRef"], "name"), namespace)
      }
    }
  }

  /// Not one that is not ready, or that is being ended: nobody sends it anything. What is not said is so.
  private static func getsRequests(_ endpoint: [String: Any]) -> Bool {
    let conditions = endpoint["conditions"] as? [String: Any] ?? [:]
    return conditions["ready"] as? Bool ?? true && !(conditions["terminating"] as? Bool ?? false)
  }

  private mutating func addSubsets(_ object: [String: Any], _ namespace: String) {
    for subset in object["subsets"] as? [[String: Any]] ?? [] {
      let ports = EndpointList.ports(subset)
      for address in subset["addresses"] as? [[String: Any]] ?? [] {
        guard let ip = address["ip"] as? String else { continue }
        add(HostName(ip).ip, ports, pod: EndpointList.name(address["targetRef"], "name"), namespace)
      }
    }
  }

  /// Which of its ports a service has is not known.
  private mutating func addPod(_ object: [String: Any], _ namespace: String) {
    guard let status = object["status"] as? [String: Any],
      !["Succeeded", "Failed"].contains(status["phase"] as? String ?? "")
    else { return }
    let all = (status["podIPs"] as? [[String: Any]] ?? []).compactMap { $0["ip"] as? String }
    for ip in all.isEmpty ? [status["podIP"] as? String].compactMap({ $0 }) : all {
      add(HostName(ip).ip, [], pod: EndpointList.name(object["metadata"], "name"), namespace)
    }
  }

  private static func ports(_ object: [String: Any]) -> [Int] {
    (object["ports"] as? [[String: Any]] ?? []).compactMap { $0["port"] as? Int }
  }

  private static func name(_ object: Any?, _ key: String) -> String {
    (object as? [String: Any])?[key] as? String ?? ""
  }

  private mutating func add(
    _ ip: String, _ ports: [Int], pod: String, _ namespace: String = "", linePort: Int? = nil
  ) {
    let pod = PodName(namespace: namespace, name: pod)
    let isIPv6 = HostName(ip: ip, port: nil).isIPv6
    if let place = place(ip, pod, isIPv6, linePort) {
      if !endpoints[place].ips.contains(ip) { endpoints[place].ips.append(ip) }
      // No port stands for any, which says less than those that are named.
      for port in ports where !endpoints[place].ports.contains(port) { endpoints[place].ports.append(port) }
      if endpoints[place].pod.isEmpty { endpoints[place].pod = pod.name }
      remember(place, ip, pod, isIPv6, linePort)
    } else {
      endpoints.append(Endpoint(ips: [ip], ports: ports, pod: pod.name))
      remember(endpoints.count - 1, ip, pod, isIPv6, linePort)
    }
  }

  private struct PodName {
    var namespace: String
    var name: String
    /// Empty where no pod is known.
    var key: String { name.isEmpty ? "" : "\(namespace)/\(name)" }
  }

  private func place(_ ip: String, _ pod: PodName, _ isIPv6: Bool, _ port: Int?) -> Int? {
    if let place = byIP[Key(ip: ip, pod: pod.key, port: port)] { return place }
    if pod.key.isEmpty { return nil }
    if let place = byIP[Key(ip: ip, pod: "", port: port)], endpoints[place].pod.isEmpty { return place }
    guard byPod[PodKey(pod: pod.key, isIPv6: isIPv6, port: port)] == nil else { return nil }
    return byPod[PodKey(pod: pod.key, isIPv6: !isIPv6, port: port)]
  }

  private mutating func remember(_ place: Int, _ ip: String, _ pod: PodName, _ isIPv6: Bool, _ port: Int?) {
    byIP[Key(ip: ip, pod: pod.key, port: port)] = place
    // An address without a pod is the first one that was named for it.
    if byIP[Key(ip: ip, pod: "", port: port)] == nil { byIP[Key(ip: ip, pod: "", port: port)] = place }
    if !pod.key.isEmpty, byPod[PodKey(pod: pod.key, isIPv6: isIPv6, port: port)] == nil {
      byPod[PodKey(pod: pod.key, isIPv6: isIPv6, port: port)] = place
    }
  }
}

extension EndpointList {
  /// Reads what `--endpoints` names, a pipe or a file (not one of `database`): the JSON of `kubectl get endpointslices`, `endpoints` or `pods` (or several of them)
  /// `-o json`, or lines of `ADDRESS[:PORT] [POD]`, `#` before a comment. An endpoint that is listed several times is one.
  ///
  /// - Throws: `UsageError` where the file cannot be read or a line names no address.
  public init(file path: String, database: String = "") throws {
    let data: Data
    do throws(WholeFile.Failure) {
      data = Data(try WholeFile(path, database: database).read(limit: Limits.endpointsBytes))
    } catch {
      throw UsageError("--endpoints: \(Shown.path(path)) \(error)")
    }
    try self.init(data, path)
  }

  private init(_ bytes: Data, _ path: String) throws {
    // PowerShell and editors put a byte order mark before what they write.
    let data = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Data(bytes.dropFirst(3)) : bytes
    if let first = data.first(where: { !" \t\r\n".utf8.contains($0) }), "{[".utf8.contains(first),
      let objects = try EndpointList.objects(data, path)
    {
      for object in objects { add(object) }
    } else {
      var lines: [EndpointList.Line] = []
      for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
        guard let read = EndpointList.line(String(line)) else {
          throw UsageError(
            "--endpoints: \(Shown.text(path, limit: 200)) has \(Shown.text(String(line), limit: 60)) where an "
              + "address is expected")
        }
        lines += read
      }
      add(lines)
    }
  }

  /// The objects of kubectl's JSON; nil where lines begin with a bracket: `[fd00::1]:80`.
  private static func objects(_ data: Data, _ path: String) throws -> [[String: Any]]? {
    let json = try? JSONSerialization.jsonObject(with: data)
    if let objects = json as? [[String: Any]] { return objects.flatMap(items) }
    if let object = json as? [String: Any] { return items(object) }
    if data.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "[") { return nil }
    throw UsageError("--endpoints: \(Shown.text(path, limit: 200)) is not JSON")
  }

  private static func items(_ object: [String: Any]) -> [[String: Any]] {
    object["items"] as? [[String: Any]] ?? [object]
  }
}
