import TestSupport

@testable import MeshweftKit

/// What the proxies write.
extension AmbientLog {
  mutating func log(_ connection: Connection, linger: Double, isNear: Bool) {
    connectionCount += 1
    let end = connection.end + linger
    let layout = mesh.layout
    let isCallers = isNear || !layout.hasWaypoint
    let caller = isCallers ? callers[connection.caller] : waypoints[connection.caller]
    if isNear {
      let other = layout.hasWaypoint ? waypoints[connection.server] : servers[connection.server]
      let out = logTunnel(connection, caller, other, isOutbound: true, from: connection.start, to: end)
      for key in connection.requests { carriers[key, default: []].insert(out) }
      if !layout.hasWaypoint, layout != .ztunnelToSidecar {
        let inner = logTunnel(
          connection, caller, other, isOutbound: false, from: connection.start + 1.2 + mesh.ahead,
          to: end - 0.4 + mesh.ahead)
        parents[inner] = out
        connectionCount += 1
      }
    } else {
      let inner = logTunnel(
        connection, caller, servers[connection.server], isOutbound: false,
        from: connection.start + mesh.ahead,
        to: end + mesh.ahead)
      for key in connection.requests { carriers[key, default: []].insert(inner) }
    }
  }

  private mutating func logTunnel(
    _ connection: Connection, _ caller: Pod, _ other: Pod, isOutbound: Bool, from start: Double,
    to end: Double
  ) -> Key {
    let layout = mesh.layout
    let isRemote = layout.isRemote && caller.cluster != other.cluster
    let own = isOutbound ? caller : other
    var finish = Int64(end * 1000)
    let duration = max(0, Int64(end - start))
    while !usedStarts.insert(finish - duration * 1000).inserted { finish += 1 }
    let tunnelKey = "\(caller.name) \(other.name)"
    let port = tunnels[tunnelKey] ?? 20_000 + tunnels.count * 7
    tunnels[tunnelKey] = port
    let asked: String
    if layout.hasWaypoint && isOutbound {
      asked = isRemote ? "\(AmbientLog.service):80" : vip
    } else {
      asked = isRemote ? "\(AmbientLog.service):80" : "\(other.ip):8080"
    }
    let remote = isRemote && !isOutbound
    var fields: [(String, String)] = [
      ("src.addr", remote ? "10.7.0.7:\(port)" : "\(caller.ip):\(isOutbound ? connection.port : port)")
    ]
    if !remote { fields += [("src.workload", caller.name), ("src.namespace", caller.namespace)] }
    fields += [
      ("src.identity", "spiffe://cluster.local/ns/front/sa/web"),
      ("dst.addr", isRemote && isOutbound ? "203.0.113.10:15008" : "\(other.ip):15008"),
      ("dst.hbone_addr", asked), ("dst.service", AmbientLog.service),
    ]
    if !(isRemote && isOutbound) { fields.append(("dst.workload", other.name)) }
    fields += [
      ("dst.namespace", "shop"), ("dst.identity", "spiffe://cluster.local/ns/shop/sa/items"),
      ("direction", isOutbound ? "outbound" : "inbound"),
    ]
    let (sent, received) =
      isOutbound ? (connection.received, connection.sent) : (connection.sent, connection.received)
    let file =
      mesh.isOneNode
      ? "one.istio-system.ztunnel-x7k2p"
      : "\(own.cluster).istio-system.ztunnel-\(isOutbound ? "x7k2p" : "b9w4d")"
    let time = Self.stamp(finish, digits: 6)
    let text: String
    if mesh.isJSON {
      let members = fields.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
      text =
        "{\"level\":\"info\",\"time\":\"\(time)\",\"scope\":\"access\",\"message\":\"connection complete\",\(members),\"bytes_sent\":\(sent),\"bytes_recv\":\(received),\"duration\":\"\(duration)ms\"}"
    } else {
      let bare: Set = ["src.addr", "dst.addr", "dst.hbone_addr"]
      let pairs = fields.map { "\($0.0)=" + (bare.contains($0.0) ? $0.1 : "\"\($0.1)\"") }.joined(
        separator: " ")
      text =
        "\(time)\tinfo\taccess\tconnection complete\t\(pairs) bytes_sent=\(sent) bytes_recv=\(received) duration=\"\(duration)ms\""
    }
    lines[file, default: []].append((Double(finish), text))
    return Key(role: "ztunnel", pod: own.name, start: finish - duration * 1000)
  }

  mutating func logCaller(
    _ number: Int, _ caller: Int, _ server: Int, at start: Double, lasting duration: Double, _ body: Int
  ) -> Key {
    let isIngress = mesh.layout == .ingressToWaypoint
    let pod = isIngress ? ingress : callers[caller]
    let host = mesh.layout.hasWaypoint ? vip : "\(servers[server].ip):8080"
    return envoy(
      pod, isIngress ? "gateway" : "client", number, at: start, lasting: duration, body,
      "envoy://connect_originate/\(host)", "outbound|80||\(AmbientLog.service)",
      "envoy://internal_client_address/",
      isIngress ? "\(pod.ip):8080" : vip,
      isIngress ? "198.51.100.4:5\(1000 + number)" : "\(pod.ip):4\(1000 + number)", "-")
  }

  mutating func logWaypoint(
    _ number: Int, _ pod: Pod, _ caller: Int, _ server: Int, at start: Double, lasting duration: Double,
    _ body: Int
  ) -> Key {
    let from = mesh.layout == .ingressToWaypoint ? ingress : callers[caller]
    let remote = mesh.layout.isRemote ? "envoy://internal_client_address/" : "\(from.ip):53454"
    return envoy(
      pod, "gateway", number, at: start, lasting: duration, body,
      "envoy://connect_originate/\(servers[server].ip):8080", "inbound-vip|80|http|\(AmbientLog.service)",
      "envoy://internal_client_address/", vip, remote, "-")
  }

  mutating func logServer(
    _ number: Int, _ caller: Int, _ server: Int, at start: Double, lasting duration: Double, _ body: Int
  ) -> Key {
    let pod = servers[server]
    return envoy(
      pod, "server", number, at: start, lasting: duration, body, "\(pod.ip):8080", "inbound|8080||",
      mesh.isIPv6 ? "[::6]:41000" : "127.0.0.6:41000", "\(pod.ip):8080", "\(callers[caller].ip):53455",
      "outbound_.80_._.\(AmbientLog.service)")
  }

  private mutating func envoy(
    _ pod: Pod, _ role: String, _ number: Int, at start: Double, lasting duration: Double, _ body: Int,
    _ host: String, _ cluster: String, _ local: String, _ downstreamLocal: String, _ remote: String,
    _ sni: String
  ) -> Key {
    var milliseconds = Int64(start)
    while !starts.insert(Key(role: role, pod: pod.name, start: milliseconds)).inserted { milliseconds += 1 }
    let time = Self.stamp(milliseconds * 1000, digits: 3)
    let text =
      "[\(time)] \"GET /things/\(number % 7) HTTP/1.1\" 200 - via_upstream - \"-\" 0 \(body) \(Int(duration)) \(Int(duration) - 1) \"-\" \"curl/8\" \"\(GatewayLog.id(number))\" \"items.shop:80\" \"\(host)\" \(cluster) \(local) \(downstreamLocal) \(remote) \(sni) default"
    lines["\(pod.cluster).\(pod.namespace).\(pod.name)", default: []].append((start + duration, text))
    return Key(role: role, pod: pod.name, start: milliseconds * 1000)
  }

  /// Microseconds after the beginning of a day.
  private static func stamp(_ time: Int64, digits: Int) -> String {
    func padded(_ value: Int64, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
    }
    let second = time / 1_000_000
    let fraction = digits == 6 ? padded(time % 1_000_000, 6) : padded(time % 1_000_000 / 1000, 3)
    return
      "2026-05-06T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)).\(fraction)Z"
  }

  /// As files that kubectl's user would have saved.
  var files: [LogFile] {
    lines.sorted { $0.key < $1.key }.map { name, lines in
      LogFile(
        name: "\(name).istio-proxy.log",
        lines: lines.sorted { ($0.end, $0.text) < ($1.end, $1.text) }.map { Array($0.text.utf8) })
    }
  }
}
