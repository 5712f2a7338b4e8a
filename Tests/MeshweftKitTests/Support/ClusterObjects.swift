import TestSupport

@testable import MeshweftKit

/// What kubectl prints of a mesh that a test makes up.
struct ClusterObjects {
  /// A value as kubectl writes it, in JSON or in YAML; members in the order of their names.
  indirect enum Value {
    case text(String), number(Int), flag(Bool)
    case object([(String, Value)])
    case list([Value])

    func json(_ indent: String = "") -> String {
      let inner = indent + "    "
      switch self {
      case .text(let text): return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
      case .number(let number): return "\(number)"
      case .flag(let flag): return "\(flag)"
      case .object(let members) where members.isEmpty: return "{}"
      case .object(let members):
        let lines = members.map { "\(inner)\"\($0.0)\": \($0.1.json(inner))" }
        return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
      case .list(let elements) where elements.isEmpty: return "[]"
      case .list(let elements):
        return "[\n" + elements.map { inner + $0.json(inner) }.joined(separator: ",\n") + "\n\(indent)]"
      }
    }

    /// On one line, as `jq -c` prints it.
    var compact: String {
      switch self {
      case .object(let members):
        "{" + members.map { "\"\($0.0)\":\($0.1.compact)" }.joined(separator: ",") + "}"
      case .list(let elements): "[" + elements.map(\.compact).joined(separator: ",") + "]"
      default: json()
      }
    }

    /// Lines; a list stands under its key without being indented.
    var yaml: [String] {
      switch self {
      case .text(let text):
        let isPlain =
          text.allSatisfy { $0.isLetter || "-./".contains($0) } && !["true", "false"].contains(text)
        return [
          isPlain && !text.isEmpty
            ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        ]
      case .number(let number): return ["\(number)"]
      case .flag(let flag): return ["\(flag)"]
      case .object(let members) where members.isEmpty: return ["{}"]
      case .list(let elements) where elements.isEmpty: return ["[]"]
      case .object(let members):
        return members.flatMap { key, value -> [String] in
          let lines = value.yaml
          switch value {
          case .object(let inner) where !inner.isEmpty: return ["\(key):"] + lines.map { "  " + $0 }
          case .list(let inner) where !inner.isEmpty: return ["\(key):"] + lines
          default: return ["\(key): \(lines[0])"]
          }
        }
      case .list(let elements):
        return elements.flatMap { element in
          element.yaml.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
        }
      }
    }
  }

  var objects: [Value] = []

  static func time(_ seconds: Double) -> String {
    Instant.text(1_777_800_000_000_000 + Int64(seconds) * 1_000_000, digits: 0)
  }

  mutating func pod(
    _ pod: SituationLog.Pod, node: String = "node-1", version: Int = 1, from: Double = -3600,
    to: Double? = nil,
    addresses: [String]? = nil
  ) {
    let ips = addresses ?? [pod.ip]
    let replicaSet = pod.name.split(separator: "-").dropLast().joined(separator: "-")
    let hash = String(replicaSet.split(separator: "-").last ?? "")
    var metadata: [(String, Value)] = [
      (
        "annotations",
        .object([("note", .text("{\"start_time\":\"2026-05-03T00:00:00Z\", \"method\":\"GET\"}"))])
      ),
      ("creationTimestamp", .text(Self.time(from))),
    ]
    if let to { metadata.append(("deletionTimestamp", .text(Self.time(to)))) }
    metadata += [
      ("labels", .object([("pod-template-hash", .text(hash))])), ("name", .text(pod.name)),
      ("namespace", .text(pod.namespace)),
      (
        "ownerReferences",
        .list([
          .object([
            ("controller", .flag(true)), ("kind", .text("ReplicaSet")), ("name", .text(replicaSet)),
          ])
        ])
      ), ("resourceVersion", .text("\(version)")), ("uid", .text("uid-\(pod.cluster)-\(pod.name)")),
    ]
    objects.append(
      .object([
        ("apiVersion", .text("v1")), ("kind", .text("Pod")), ("metadata", .object(metadata)),
        (
          "spec",
          .object([
            (
              "containers",
              .list([
                .object([
                  ("args", .list([.text("proxy"), .text("say \"hi\"")])), ("name", .text("istio-proxy")),
                ])
              ])
            ),
            ("nodeName", .text(node)),
          ])
        ),
        (
          "status",
          .object([
            ("phase", .text("Running")), ("podIP", .text(ips[0])),
            ("podIPs", .list(ips.map { .object([("ip", .text($0))]) })),
            ("startTime", .text(Self.time(from))),
          ])
        ),
      ]))
  }

  mutating func node(_ name: String, zone: String) {
    objects.append(
      .object([
        ("apiVersion", .text("v1")), ("kind", .text("Node")),
        (
          "metadata",
          .object([
            ("labels", .object([("topology.kubernetes.io/zone", .text(zone))])), ("name", .text(name)),
            ("resourceVersion", .text("7")), ("uid", .text("uid-" + name)),
          ])
        ),
        (
          "status",
          .object([
            ("addresses", .list([.object([("address", .text("192.0.2.7")), ("type", .text("InternalIP"))])]))
          ])
        ),
      ]))
  }

  /// A service and its endpoints, of `ready` and of others.
  mutating func service(
    _ name: String, _ namespace: String, port: Int, target: Int, ready: [SituationLog.Pod],
    notReady: [SituationLog.Pod] = [], version: Int = 1
  ) {
    func endpoint(_ pod: SituationLog.Pod, _ isReady: Bool) -> Value {
      .object([
        ("addresses", .list([.text(pod.ip)])), ("conditions", .object([("ready", .flag(isReady))])),
        (
          "targetRef",
          .object([("kind", .text("Pod")), ("name", .text(pod.name)), ("namespace", .text(namespace))])
        ),
      ])
    }
    objects.append(
      .object([
        ("apiVersion", .text("v1")), ("kind", .text("Service")),
        (
          "metadata",
          .object([
            ("name", .text(name)), ("namespace", .text(namespace)), ("resourceVersion", .text("3")),
            ("uid", .text("uid-svc-" + name)),
          ])
        ),
        (
          "spec",
          .object([
            ("clusterIP", .text("10.96.0.9")),
            ("ports", .list([.object([("name", .text("http")), ("port", .number(port))])])),
          ])
        ),
      ]))
    objects.append(
      .object([
        ("addressType", .text("IPv4")), ("apiVersion", .text("discovery.k8s.io/v1")),
        ("endpoints", .list(ready.map { endpoint($0, true) } + notReady.map { endpoint($0, false) })),
        ("kind", .text("EndpointSlice")),
        (
          "metadata",
          .object([
            ("labels", .object([("kubernetes.io/service-name", .text(name))])),
            ("name", .text(name + "-x7k2p")), ("namespace", .text(namespace)),
            ("resourceVersion", .text("\(version)")), ("uid", .text("uid-slice-" + name)),
          ])
        ),
        ("ports", .list([.object([("name", .text("http")), ("port", .number(target))])])),
      ]))
  }

  private var list: Value {
    .object([
      ("apiVersion", .text("v1")), ("items", .list(objects)), ("kind", .text("List")),
      ("metadata", .object([("resourceVersion", .text(""))])),
    ])
  }

  private static func lines(_ text: String) -> [[UInt8]] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
  }

  /// In which ways they are printed.
  enum Form: CaseIterable { case json, yaml, compact, documents, each }

  /// `kubectl get -o json`, `-o yaml`; `jq -c .items[]`; YAML documents; one JSON object after the other.
  func lines(_ form: Form) -> [[UInt8]] {
    switch form {
    case .json: Self.lines(list.json())
    case .yaml: list.yaml.map { Array($0.utf8) }
    case .compact: objects.map { Array($0.compact.utf8) }
    case .documents: objects.flatMap { ["---"] + $0.yaml }.map { Array($0.utf8) }
    case .each: objects.flatMap { Self.lines($0.json()) }
    }
  }
}
