/// An object that holds an access log instead of being one, and what it says of who wrote it.
///
/// Docker's json-file and Fluent Bit keep the line in `log`, stern, Vector and Filebeat in `message`, logcli in
/// `line`, Alibaba SLS in `content`, Cloud Logging in `textPayload` or, as an object, in `jsonPayload`. Who wrote it
/// stands beside it (stern, SLS) or in `kubernetes`, `labels` or `resource.labels`. Only the shape counts, not the
/// tool: any of the body keys goes with any of the others.
struct JSONEnvelope {
  /// The member that holds the body: a string, or an object that is the body itself.
  var body: JSONValue?
  var identity = EnvelopeIdentity()
  /// Members that an access log has: an object with several of them is one, whatever else it holds.
  var accessLogFields = 0
  /// Nothing but Docker's own keys: then a full buffer without a line feed is a part of a line.
  var isDocker = true
  var isStderr = false

  /// From this number on an object is an access log and not an envelope.
  static let enoughFields = 3

  /// Reads the members of the object at `start`; nil where there is none.
  init?(_ line: Span<UInt8>, at start: Int) {
    guard var members = JSONMembers(in: line, at: start) else { return nil }
    while let member = members.next(in: line) { take(member, line) }
    if members.isMalformed { body = nil }
  }

  private mutating func take(_ member: JSONMember, _ line: Span<UInt8>) {
    let key = line.extracting(member.key)
    if let field = FieldNames.field(forKey: key), !FieldNames.isIdentity(field) {
      accessLogFields += 1
      return
    }
    if Self.isOne(key, of: Self.bodyKeys) {
      takeBody(member.value, line)
    } else if let field = Self.identityField(key) {
      identity.take(field, member.value)
    } else if Self.isOne(key, of: ["kubernetes", "labels"]) {
      takeIdentity(member.value, line)
    } else if key.isEqual(to: "resource") {
      takeLabels(of: member.value, line)
    } else if key.isEqual(to: "stream") {
      isStderr = line.extracting(member.value.range).isEqual(to: "stderr")
      return
    } else if Self.isOne(key, of: ["time", "attrs"]) {
      return
    }
    if !key.isEqual(to: "log") { isDocker = false }
  }

  /// Takes a body that may be one: text in a string, or an object that begins as an access log does.
  private mutating func takeBody(_ value: JSONValue, _ line: Span<UInt8>) {
    guard body == nil else { return }
    if value.isString {
      body = value
    } else if value.kind == .object {
      if EnvelopeStripper.isAccessLogObject(line, at: value.range.lowerBound) {
        body = value
      } else {
        takeInnerText(value, line)
      }
    }
  }

  /// `"jsonPayload":{"message":"[2024…"}`: text one level down.
  private mutating func takeInnerText(_ value: JSONValue, _ line: Span<UInt8>) {
    guard var members = JSONMembers(in: line, at: value.range.lowerBound) else { return }
    var known = 0
    while let member = members.next(in: line) {
      let key = line.extracting(member.key)
      if FieldNames.field(forKey: key) != nil { known += 1 }
      if body == nil, member.value.isString, Self.isOne(key, of: Self.bodyKeys) { body = member.value }
    }
    if known >= Self.enoughFields { body = value }
  }

  /// `kubernetes` and `labels`: the names themselves, or objects with a `name`.
  private mutating func takeIdentity(_ value: JSONValue, _ line: Span<UInt8>) {
    guard value.kind == .object, var members = JSONMembers(in: line, at: value.range.lowerBound) else {
      return
    }
    while let member = members.next(in: line) {
      guard let field = Self.nestedIdentityField(line.extracting(member.key)) else { continue }
      if let name = Self.name(in: member.value, line) { identity.take(field, name) }
    }
  }

  /// `resource.labels`.
  private mutating func takeLabels(of value: JSONValue, _ line: Span<UInt8>) {
    guard value.kind == .object, var members = JSONMembers(in: line, at: value.range.lowerBound) else {
      return
    }
    while let member = members.next(in: line) {
      if line.extracting(member.key).isEqual(to: "labels") { takeIdentity(member.value, line) }
    }
  }

  /// The string itself, or the `name` of an object (Filebeat's `kubernetes.pod.name`).
  private static func name(in value: JSONValue, _ line: Span<UInt8>) -> JSONValue? {
    guard value.kind == .object else { return value }
    guard var members = JSONMembers(in: line, at: value.range.lowerBound) else { return nil }
    while let member = members.next(in: line) {
      if line.extracting(member.key).isEqual(to: "name") { return member.value }
    }
    return nil
  }
}

extension JSONEnvelope {
  private static let bodyKeys: [StaticString] = [
    "log", "message", "line", "content", "textPayload", "jsonPayload", "log_processed", "structured",
  ]

  /// Names that stand beside the body: stern's (json, extjson), SLS's (with and without its tag prefix), Huawei UCS's.
  private static let identityKeys: [(StaticString, Field)] = [
    ("podName", .podName), ("namespace", .podNamespace), ("containerName", .containerName),
    ("_pod_name_", .podName), ("_namespace_", .podNamespace), ("_container_name_", .containerName),
    ("__tag__:_pod_name_", .podName), ("__tag__:_namespace_", .podNamespace),
    ("__tag__:_container_name_", .containerName), ("__tag__:_cluster_id_", .meshCluster),
    ("pod_name", .podName), ("pod_namespace", .podNamespace), ("container_name", .containerName),
    ("cluster_id", .meshCluster), ("pod", .podName), ("container", .containerName),
  ]

  /// Names inside `kubernetes` and the labels: Fluent Bit's, Vector's, Filebeat's, Loki's, Cloud Logging's.
  private static let nestedIdentityKeys: [(StaticString, Field)] = [
    ("pod_name", .podName), ("pod", .podName), ("pod.name", .podName), ("container.name", .containerName),
    ("namespace_name", .podNamespace), ("pod_namespace", .podNamespace), ("namespace", .podNamespace),
    ("container_name", .containerName), ("container", .containerName),
    ("cluster_name", .meshCluster), ("cluster", .meshCluster),
  ]

  static func isOne(_ key: Span<UInt8>, of names: [StaticString]) -> Bool {
    for name in names where key.isEqual(to: name) { return true }
    return false
  }

  private static func identityField(_ key: Span<UInt8>) -> Field? {
    for (name, field) in identityKeys where key.isEqual(to: name) { return field }
    // Flattened: `kubernetes.pod_name`, `kubernetes.pod.name`.
    guard key.holds("kubernetes.", at: 0) else { return nil }
    return nestedIdentityField(key.extracting(11..<key.count))
  }

  private static func nestedIdentityField(_ key: Span<UInt8>) -> Field? {
    for (name, field) in nestedIdentityKeys where key.isEqual(to: name) { return field }
    return nil
  }
}
