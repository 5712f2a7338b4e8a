/// Reads Kubernetes objects as `kubectl get -o json` prints them: Pod, Service, Endpoints and Node (v1), EndpointSlice
/// (discovery.k8s.io/v1, v1beta1).
///
/// What they say is believed no more than a log's lines: names that Kubernetes would not have, addresses that are none and times
/// that cannot be are left out, and an object without a name is none.
struct KubernetesReader {
  let tape: JSONTape
  let text: [UInt8]

  /// The kinds that are read, as `kind` has them.
  static func kind(_ name: Span<UInt8>) -> KubernetesObject.Kind? {
    if name.isEqual(to: "Pod") { return .pod }
    if name.isEqual(to: "Service") { return .service }
    if name.isEqual(to: "EndpointSlice") || name.isEqual(to: "Endpoints") { return .endpoints }
    if name.isEqual(to: "Node") { return .node }
    return nil
  }

  /// The kind of a list's items, which have none of their own where the API's own answer was kept.
  static func kind(ofList name: Span<UInt8>) -> KubernetesObject.Kind? {
    guard name.count > 4, name.holds("List", at: name.count - 4) else { return nil }
    return kind(name.extracting(0..<name.count - 4))
  }

  /// The object at a node; nil where it has no name, or one that no object can have.
  func object(_ index: Int, _ kind: KubernetesObject.Kind) -> KubernetesObject? {
    guard let metadata = child(index, "metadata"), let name = self.name(metadata, "name") else { return nil }
    var object = KubernetesObject(kind: kind, name: name)
    if kind != .node {
      guard let namespace = self.name(metadata, "namespace") else { return nil }
      object.namespace = namespace
    }
    object.uid = label(metadata, "uid") ?? ""
    object.version = string(metadata, "resourceVersion").flatMap { Int64($0) }.map { max(0, $0) } ?? 0
    object.first = time(metadata, "creationTimestamp")
    switch kind {
    case .pod: readPod(index, metadata, &object)
    case .service: readService(index, &object)
    case .endpoints: readEndpoints(index, metadata, &object)
    case .node: readNode(index, metadata, &object)
    }
    object.endpoints = Array(
      Set(object.endpoints).sorted { $0.texts.lexicographicallyPrecedes($1.texts) }.prefix(
        Limits.objectEndpoints))
    return object
  }
}

extension KubernetesObject {
  /// Reads one object's JSON; `kind` is that of an object that says none. Nil where it is none of those that are read.
  package static func read(json: [UInt8], orKind kind: Kind? = nil) -> KubernetesObject? {
    let tape = JSONTape(json.span)
    guard tape.state == .complete, let root = tape.nodes.first, root.kind == .object else { return nil }
    let own = tape.child(of: 0) { $0.isString && json.span.extracting($0.key).isEqual(to: "kind") }
    let known = own.map { KubernetesReader.kind(json.span.extracting(tape.nodes[$0].range)) } ?? kind
    return known.flatMap { KubernetesReader(tape: tape, text: json).object(0, $0) }
  }
}

// Pods and nodes.
extension KubernetesReader {
  private func readPod(_ index: Int, _ metadata: Int, _ object: inout KubernetesObject) {
    let spec = child(index, "spec")
    let status = child(index, "status")
    object.node = spec.flatMap { name($0, "nodeName") } ?? ""
    object.owner = workload(metadata, object.name)
    guard let status else { return }
    if let start = time(status, "startTime") { object.first = start }
    object.last = time(metadata, "deletionTimestamp")
    let hasEnded = ["Succeeded", "Failed"].contains(string(status, "phase") ?? "")
    if hasEnded { object.last = finished(status) ?? object.last }
    // The address of a node's network is that of all its pods; that of a pod that has ended, without a time, is anybody's.
    let sharesNode = spec.flatMap { bool($0, "hostNetwork") } ?? false
    guard !sharesNode, !(hasEnded && object.last == nil) else { return }
    var addresses = elements(status, "podIPs").compactMap { address($0, "ip") }
    if addresses.isEmpty { addresses = [address(status, "podIP")].compactMap { $0 } }
    object.endpoints = addresses.prefix(KubernetesReader.families).map { .init(address: $0) }
  }

  /// A pod has one address of each family.
  private static let families = 2

  /// The last end of its containers.
  private func finished(_ status: Int) -> Int64? {
    elements(status, "containerStatuses").compactMap { container in
      child(container, "state").flatMap { child($0, "terminated") }.flatMap { time($0, "finishedAt") }
    }.max()
  }

  /// What controls it: of a ReplicaSet the Deployment, whose name is that without the hash of the template.
  private func workload(_ metadata: Int, _ pod: String) -> String {
    let owners = elements(metadata, "ownerReferences")
    let owner = owners.first { bool($0, "controller") ?? false } ?? owners.first
    guard let owner, let name = self.name(owner, "name") else { return "" }
    let hash = child(metadata, "labels").flatMap { string($0, "pod-template-hash") }
    guard string(owner, "kind") == "ReplicaSet", let hash, !hash.isEmpty, name.hasSuffix("-" + hash) else {
      return name
    }
    return String(name.dropLast(hash.utf8.count + 1))
  }

  private func readNode(_ index: Int, _ metadata: Int, _ object: inout KubernetesObject) {
    if let labels = child(metadata, "labels") {
      object.zone =
        label(labels, "topology.kubernetes.io/zone") ?? label(
          labels, "failure-domain.beta.kubernetes.io/zone") ?? ""
    }
    guard let status = child(index, "status") else { return }
    object.endpoints = elements(status, "addresses").compactMap { address($0, "address") }.prefix(
      Limits.objectEndpoints
    ).map { .init(address: $0) }
  }
}

// Services and what stands behind them.
extension KubernetesReader {
  private func readService(_ index: Int, _ object: inout KubernetesObject) {
    guard let spec = child(index, "spec") else { return }
    let all = elements(spec, "clusterIPs").compactMap { address($0) }
    let addresses = all.isEmpty ? [address(spec, "clusterIP") ?? ""] : all
    for port in ports(spec) {
      for address in addresses.prefix(KubernetesReader.families) {
        object.endpoints.append(.init(address: address, port: port.number, portName: port.name))
      }
    }
  }

  private func readEndpoints(_ index: Int, _ metadata: Int, _ object: inout KubernetesObject) {
    let labels = child(metadata, "labels")
    let changed = child(metadata, "annotations").flatMap {
      time($0, "endpoints.kubernetes.io/last-change-trigger-time")
    }
    object.first = changed ?? object.first
    guard child(index, "subsets") == nil else {
      object.owner = object.name
      for subset in elements(index, "subsets") { readSubset(subset, &object) }
      return
    }
    object.owner = labels.flatMap { name($0, "kubernetes.io/service-name") } ?? ""
    let ports = ports(index)
    for endpoint in elements(index, "endpoints") where getsRequests(endpoint) {
      let zone = label(endpoint, "zone") ?? ""
      // The addresses of one endpoint stand for the same pod; clients take the first.
      for one in elements(endpoint, "addresses").prefix(1).compactMap({ address($0) }) {
        add(one, ports, child(endpoint, "targetRef"), zone, &object)
      }
    }
  }

  private func readSubset(_ subset: Int, _ object: inout KubernetesObject) {
    let ports = ports(subset)
    for one in elements(subset, "addresses") {
      if let address = self.address(one, "ip") { add(address, ports, child(one, "targetRef"), "", &object) }
    }
  }

  private func add(
    _ address: String, _ ports: [(number: Int64, name: String)], _ target: Int?, _ zone: String,
    _ object: inout KubernetesObject
  ) {
    let isPod = target.map { string($0, "kind") == "Pod" } ?? false
    let pod = isPod ? target.flatMap { name($0, "name") } ?? "" : ""
    for port in ports.isEmpty ? [(number: 0, name: "")] : ports
    where object.endpoints.count < 2 * Limits.objectEndpoints {
      object.endpoints.append(
        .init(address: address, port: port.number, portName: port.name, pod: pod, zone: zone))
    }
  }

  /// Not one that is not ready, or that is being ended. What is not said is so.
  private func getsRequests(_ endpoint: Int) -> Bool {
    guard let conditions = child(endpoint, "conditions") else { return true }
    return bool(conditions, "ready") ?? true && !(bool(conditions, "terminating") ?? false)
  }

  private func ports(_ index: Int) -> [(number: Int64, name: String)] {
    elements(index, "ports").compactMap { port in
      guard let number = self.number(port, "port"), (1...65_535).contains(number) else { return nil }
      return (number, label(port, "name") ?? "")
    }
  }
}

// Values.
extension KubernetesReader {
  private func child(_ index: Int, _ key: StaticString) -> Int? {
    tape.nodes[index].kind == .object
      ? tape.child(of: index) { text.span.extracting($0.key).isEqual(to: key) } : nil
  }

  private func elements(_ index: Int, _ key: StaticString) -> [Int] {
    guard let list = child(index, key), tape.nodes[list].kind == .array else { return [] }
    var found: [Int] = []
    tape.children(of: list) { element, _ in found.append(element) }
    return found
  }

  private func string(_ index: Int, _ key: StaticString) -> String? {
    child(index, key).flatMap { string($0) }
  }

  private func string(_ index: Int) -> String? {
    let node = tape.nodes[index]
    guard node.isString, node.range.count <= 4 * Limits.nameBytes else { return nil }
    var bytes: [UInt8] = []
    guard JSONString.unescape(text.span, node.range, into: &bytes) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func name(_ index: Int, _ key: StaticString) -> String? {
    string(index, key).flatMap { KubernetesName.isValid($0) ? $0 : nil }
  }

  /// Any other word that Kubernetes has: labels' values, uids, names of ports.
  private func label(_ index: Int, _ key: StaticString) -> String? {
    string(index, key).flatMap { value in
      let isWord = !value.isEmpty && value.utf8.count <= Limits.nameBytes
      return isWord && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? value : nil
    }
  }

  private func address(_ index: Int, _ key: StaticString) -> String? {
    child(index, key).flatMap { address($0) }
  }

  private func address(_ index: Int) -> String? { string(index).flatMap { IPAddress($0)?.description } }

  private func number(_ index: Int, _ key: StaticString) -> Int64? {
    guard let child = child(index, key), tape.nodes[child].kind == .number else { return nil }
    return Int64(String(decoding: text[tape.nodes[child].range], as: UTF8.self))
  }

  private func bool(_ index: Int, _ key: StaticString) -> Bool? {
    guard let child = child(index, key), tape.nodes[child].kind == .literal else { return nil }
    let word = text.span.extracting(tape.nodes[child].range)
    return word.isEqual(to: "true") ? true : word.isEqual(to: "false") ? false : nil
  }

  private func time(_ index: Int, _ key: StaticString) -> Int64? {
    guard let text = string(index, key) else { return nil }
    return PaddedBytes.withCopy(of: Array(text.utf8), Timestamp.parse)?.microseconds
  }
}
