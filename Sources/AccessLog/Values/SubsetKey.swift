/// Istio's name of an upstream cluster: `direction|port|subset|host`.
///
/// The SNI `outbound_.8000_._.httpbin.default.svc.cluster.local` is another spelling of
/// `outbound|8000||httpbin.default.svc.cluster.local`. Source: istio `pilot/pkg/model`, BuildSubsetKey and
/// BuildDNSSrvSubsetKey.
package struct SubsetKey: Sendable, Equatable {
  package enum Direction: String, Sendable { case outbound, inbound, inboundVIP = "inbound-vip" }

  package var direction: Direction
  package var port: Int32
  /// A DestinationRule's subset (or, for a waypoint, the protocol); empty for none.
  package var subset: String
  /// Empty for a sidecar's inbound cluster, `inbound|80||`.
  package var host: String

  package init(direction: Direction, port: Int32, subset: String = "", host: String) {
    self.direction = direction
    self.port = port
    self.subset = subset
    self.host = host
  }

  /// Either spelling; a trailing `;` (istio#54219) is dropped. - Returns: nil for any other name.
  package init?(_ text: String) {
    let name = text.hasSuffix(";") ? String(text.dropLast()) : text
    guard let key = SubsetKey(piped: name) ?? SubsetKey(serverName: name) else { return nil }
    self = key
  }

  private init?(piped name: String) {
    let parts = name.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, let direction = Direction(rawValue: String(parts[0])),
      let port = SubsetKey.port(parts[1])
    else { return nil }
    self.init(direction: direction, port: port, subset: String(parts[2]), host: String(parts[3]))
  }

  /// `outbound_.8000_.v1_.host`: the parts are joined by `_.`, of which an SNI's labels may have no others.
  private init?(serverName name: String) {
    // No host name has one, and it would make another key of the other spelling.
    guard !name.contains("|") else { return nil }
    var rest = Substring(name)
    var parts: [Substring] = []
    while parts.count < 3, let cut = SubsetKey.separator(in: rest) {
      parts.append(rest[..<cut.lowerBound])
      rest = rest[cut.upperBound...]
    }
    guard parts.count == 3, let direction = Direction(rawValue: String(parts[0])),
      let port = SubsetKey.port(parts[1]), !rest.isEmpty
    else { return nil }
    self.init(direction: direction, port: port, subset: String(parts[2]), host: String(rest))
  }

  private static func separator(in text: Substring) -> Range<Substring.Index>? {
    var index = text.startIndex
    while let underscore = text[index...].firstIndex(of: "_") {
      let next = text.index(after: underscore)
      if next < text.endIndex, text[next] == "." { return underscore..<text.index(after: next) }
      index = next
    }
    return nil
  }

  private static func port(_ text: Substring) -> Int32? {
    guard let port = Int32(text), (0...65_535).contains(port), text.first != "+" else { return nil }
    return port
  }

  /// `outbound|8000||httpbin.default.svc.cluster.local`
  package var clusterName: String { "\(direction.rawValue)|\(port)|\(subset)|\(host)" }
  /// `outbound_.8000_._.httpbin.default.svc.cluster.local`
  package var serverName: String { "\(direction.rawValue)_.\(port)_.\(subset)_.\(host)" }
  /// `httpbin.default.svc.cluster.local:8000`: what hops are matched on.
  package var service: String { "\(host):\(port)" }
}
