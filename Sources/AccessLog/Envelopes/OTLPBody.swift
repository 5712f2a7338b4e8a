/// One log record of an OTLP/JSON export line: its text, and who wrote it.
///
/// Istio's `envoyOtelAls` provider sends the TEXT line as the record's body (`body.stringValue`); a collector's file
/// exporter writes one export per line, which holds many records. Source: opentelemetry-proto, logs/v1 (JSON
/// mapping), and OpenTelemetry's resource conventions for Kubernetes.
struct OTLPBody {
  var text: [UInt8]
  var pod: [UInt8] = []
  var namespace: [UInt8] = []
  var container: [UInt8] = []
  var meshCluster: [UInt8] = []
  var hasReplacedText = false

  /// The records of a line whose first key is `resourceLogs`, in order; records without a text body are left out.
  ///
  /// Their texts together are never longer than the line.
  static func read(_ line: Span<UInt8>) -> [OTLPBody] {
    var bodies: [OTLPBody] = []
    guard let resources = member("resourceLogs", of: 0, line),
      var each = JSONElements(in: line, at: resources)
    else {
      return []
    }
    while let resource = each.next(in: line) {
      var maker = OTLPBody(text: [])
      if let about = member("resource", of: resource.range.lowerBound, line),
        let attributes = member("attributes", of: about, line)
      {
        maker.takeAttributes(line, at: attributes)
      }
      guard let scopes = member("scopeLogs", of: resource.range.lowerBound, line),
        var eachScope = JSONElements(in: line, at: scopes)
      else { continue }
      while let scope = eachScope.next(in: line) {
        appendRecords(line, of: scope, by: maker, to: &bodies)
      }
    }
    return bodies
  }

  private static func appendRecords(
    _ line: Span<UInt8>, of scope: JSONValue, by maker: OTLPBody, to bodies: inout [OTLPBody]
  ) {
    guard let records = member("logRecords", of: scope.range.lowerBound, line),
      var each = JSONElements(in: line, at: records)
    else { return }
    while let record = each.next(in: line) {
      guard let body = member("body", of: record.range.lowerBound, line),
        let text = string("stringValue", of: body, line)
      else { continue }
      var found = maker
      if let attributes = member("attributes", of: record.range.lowerBound, line) {
        found.takeAttributes(line, at: attributes)
      }
      found.hasReplacedText = !JSONString.unescape(line, text.range, into: &found.text)
      while let last = found.text.last, last == 0x0A || last == 0x0D { found.text.removeLast() }
      bodies.append(found)
    }
  }

  /// `[{"key":"k8s.pod.name","value":{"stringValue":"…"}}, …]`, of the resource or the record.
  ///
  /// Envoy itself gives the resource a `node_name`, in Istio `sidecar~IP~POD.NAMESPACE~DOMAIN`; its `cluster_name`
  /// is the proxy's own service, not the mesh's cluster.
  private mutating func takeAttributes(_ line: Span<UInt8>, at start: Int) {
    guard var each = JSONElements(in: line, at: start) else { return }
    while let attribute = each.next(in: line) {
      guard let key = Self.string("key", of: attribute.range.lowerBound, line),
        let value = Self.member("value", of: attribute.range.lowerBound, line),
        let text = Self.string("stringValue", of: value, line), text.range.count <= Limits.nameBytes
      else { continue }
      var bytes: [UInt8] = []
      JSONString.unescape(line, text.range, into: &bytes)
      switch String(decoding: key.range.map { line[$0] }, as: UTF8.self) {
      case "k8s.pod.name": pod = bytes
      case "k8s.namespace.name": namespace = bytes
      case "k8s.container.name": container = bytes
      case "k8s.cluster.name": meshCluster = bytes
      case "node_name": takeNodeName(bytes)
      default: break
      }
    }
  }

  private mutating func takeNodeName(_ name: [UInt8]) {
    let parts = name.split(separator: 0x7E)
    guard parts.count == 4, let dot = parts[2].lastIndex(of: 0x2E), pod.isEmpty else { return }
    pod = Array(parts[2][..<dot])
    namespace = Array(parts[2][(dot + 1)...])
  }

  /// Where the value of the object's member begins.
  private static func member(_ key: StaticString, of object: Int, _ line: Span<UInt8>) -> Int? {
    guard var members = JSONMembers(in: line, at: object) else { return nil }
    while let member = members.next(in: line) {
      if line.extracting(member.key).isEqual(to: key) { return member.value.range.lowerBound }
    }
    return nil
  }

  private static func string(_ key: StaticString, of object: Int, _ line: Span<UInt8>) -> JSONValue? {
    guard var members = JSONMembers(in: line, at: object) else { return nil }
    while let member = members.next(in: line) {
      if line.extracting(member.key).isEqual(to: key) { return member.value.isString ? member.value : nil }
    }
    return nil
  }
}
