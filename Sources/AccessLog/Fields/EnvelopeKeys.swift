/// What a key of an envelope stands for, however its tool spells it.
///
/// Keys are compared by their letters and digits alone, in lower case: `PodName`, `pod_name`, `_pod_name_`,
/// `kubernetes.pod.name` and `pod` inside `kubernetes` are found by the same entry. The tables below are all that is
/// known of tools: a tool with the same words in another order needs no code.
enum EnvelopeKeys {
  enum Meaning: Equatable {
    /// Who wrote the line; an object there has it as `name`.
    case name(Field)
    /// Where the line itself may stand: a string, or an object that is the body.
    case body
    /// An object whose members say who wrote what stands beside it.
    case names
    /// A path or a tag that may hold a log's path, as kubelet lays them.
    case path
    /// Envoy's `sidecar~IP~POD.NAMESPACE~DOMAIN`.
    case node
    /// Strings like `pod_name:sleep-x`.
    case tags
    /// An array of arrays or of strings that are lines.
    case rows
  }

  /// The meaning of a key inside an object that itself stands under `parent` (its words; nil where it does not matter).
  static func meaning(_ key: Span<UInt8>, in parent: Words? = nil) -> Meaning? {
    guard key.count <= longestKey else { return nil }
    let alone = Words(key)
    if let found = table[alone.hash] { return found }
    guard let parent else { return nil }
    var joined = parent
    joined.add(key)
    return table[joined.hash]
  }

  /// Bytes of a key; longer ones mean nothing.
  private static let longestKey = 80

  /// The letters and digits of a key, or of several one behind the other, as a number (FNV-1a). Two keys that share it
  /// would mean the same: of 64 bits, and keys that nobody but a log's own tools writes, that does not happen.
  struct Words: Hashable {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ text: Span<UInt8>) { add(text) }

    init(_ text: String) { add(Array(text.utf8).span) }

    mutating func add(_ text: Span<UInt8>) {
      for index in text.indices {
        let byte = text[index]
        guard byte.isLetter || byte.isDigit else { continue }
        hash = (hash ^ UInt64(byte.isDigit ? byte : byte | 0x20)) &* 0x0000_0100_0000_01B3
      }
    }
  }

  private static let table: [UInt64: Meaning] = {
    var table: [UInt64: Meaning] = [:]
    for prefix in prefixes {
      for (key, field) in names { table[Words(prefix + key).hash] = .name(field) }
    }
    for key in objects { table[Words(key).hash] = .names }
    for key in paths { table[Words(key).hash] = .path }
    for key in rows { table[Words(key).hash] = .rows }
    for key in bodies { table[Words(key).hash] = .body }
    table[Words("node_name").hash] = .node
    table[Words("tags").hash] = .tags
    table[Words("ddtags").hash] = .tags
    return table
  }()

  /// Who wrote a line.
  private static let names: [(String, Field)] = [
    ("pod", .podName), ("pod_name", .podName), ("namespace", .podNamespace),
    ("namespace_name", .podNamespace), ("pod_namespace", .podNamespace), ("container", .containerName),
    ("container_name", .containerName), ("cluster", .meshCluster), ("cluster_name", .meshCluster),
    ("cluster_id", .meshCluster), ("mesh_cluster", .meshCluster),
  ]

  /// What may stand before such a name in one key: SLS's tags, Fluent Bit's lifted and nested forms, OpenTelemetry's
  /// `k8s.`, Datadog's `kube_`, Loki's and Cloud Logging's labels, flattened documents.
  private static let prefixes = [
    "", "__tag__:", "kubernetes.", "k8s.", "kube_", "labels.", "fields.", "stream.", "resource.labels.",
    "resource.attributes.", "resource.", "attributes.", "kubernetes.metadata.", "metadata.", "orchestrator.",
    "result.", "_source.kubernetes.", "tag.",
  ]

  /// Objects (or lists of keys and values) whose members name the writer of what stands beside them.
  private static let objects = [
    "kubernetes", "k8s", "kube", "labels", "resource", "attributes", "fields", "metadata", "stream",
    "orchestrator", "resourceAttributes", "resource_attributes", "LogAttributes", "context", "meta", "metric",
    "kubernetes_metadata", "structuredMetadata", "common_labels",
  ]

  /// Where a line stands: docker and Fluent Bit `log`, Vector, Filebeat, Datadog and CloudWatch `message`, Loki `line`,
  /// SLS `content`, Cloud Logging `textPayload` and `jsonPayload`, Azure `LogMessage` and `LogEntry`, Splunk `_raw` and
  /// `event`, Elastic `event.original`, journald `MESSAGE`, GELF, OpenTelemetry `body`.
  private static let bodies = [
    "log", "message", "msg", "line", "content", "textPayload", "jsonPayload", "payload", "log_processed",
    "structured", "LogMessage", "LogEntry", "_raw", "raw", "raw_message", "raw_log", "event",
    "event.original", "log.original", "body", "stringValue", "kvlistValue", "full_message", "short_message",
    "log_line", "logEvent", "record", "text", "@message", "Body.string", "log_message", "original_message",
    "data.message", "data.log",
  ]

  /// Arrays of lines, or of `[time, line]`.
  private static let rows = [
    "values", "rows", "lines", "logs", "messages", "entries", "results", "records", "events",
  ]

  /// Texts that may hold a log's path.
  private static let paths = [
    "file", "filename", "file_path", "file.path", "log.file.path", "log.file.name", "log_file", "logfile",
    "tag", "source", "path_name", "logStreamName", "log_stream", "log_stream_name", "@logStream", "logName",
    "fluentd_tag", "_tag", "attributes.log.file.path", "log_path", "log.path", "filepath",
  ]
}
