import AccessLog
import Testing

/// A body as text, wherever the stripper says it is.
func bodyText(_ stripped: Stripped, _ line: [UInt8], _ stripper: EnvelopeStripper) -> String? {
  switch stripped.body {
  case .range(let range): String(decoding: line[range], as: UTF8.self)
  case .decoded: String(decoding: stripper.decoded, as: UTF8.self)
  case .pending, .tooLong, .cut: nil
  }
}

/// A string as JSON, escaped as Go, Python and Rust do at least.
func quoted(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case "<": out += "\\u003c"
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}

struct Envelope: Sendable, CustomTestStringConvertible {
  var name: String
  var wrap: @Sendable (String) -> String
  var pod = ""
  var namespace = ""
  var container = ""
  var meshCluster = ""
  /// Only text goes into it.
  var takesText = true
  /// Only objects go into it.
  var takesObjects = true
  var testDescription: String { name }

  static let stamp = "2024-05-23T10:06:31.000000001Z"

  static let plain: [Envelope] = [
    Envelope(name: "none", wrap: { $0 }),
    Envelope(name: "a byte order mark", wrap: { "\u{FEFF}" + $0 }),
    Envelope(
      name: "kubectl --prefix", wrap: { "[pod/sleep-x/istio-proxy] \($0)" }, pod: "sleep-x",
      container: "istio-proxy"),
    Envelope(name: "kubectl --timestamps", wrap: { "\(stamp) \($0)" }),
    Envelope(name: "kubectl --timestamps with an offset", wrap: { "2021-02-01T21:34:35+00:00 \($0)" }),
    Envelope(
      name: "kubectl --prefix --timestamps", wrap: { "[pod/sleep-x/istio-proxy] \(stamp) \($0)" },
      pod: "sleep-x",
      container: "istio-proxy"),
    Envelope(name: "stern", wrap: { "sleep-x istio-proxy \($0)" }, pod: "sleep-x", container: "istio-proxy"),
    Envelope(
      name: "stern, all namespaces", wrap: { "default sleep-x istio-proxy \($0)" }, pod: "sleep-x",
      namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "stern -t", wrap: { "sleep-x istio-proxy \(stamp) \($0)" }, pod: "sleep-x",
      container: "istio-proxy"),
    Envelope(
      name: "stern -t=short", wrap: { "sleep-x istio-proxy 05-23 10:06:31 \($0)" }, pod: "sleep-x",
      container: "istio-proxy"),
    Envelope(
      name: "stern in colour",
      wrap: {
        "\u{1B}[32mdefault\u{1B}[0m \u{1B}[32msleep-x\u{1B}[0m \u{1B}[92;1mistio-proxy\u{1B}[0m \($0)"
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(name: "a container runtime's file", wrap: { "\(stamp) stdout F \($0)" }),
    Envelope(name: "a container runtime's file, stderr", wrap: { "\(stamp) stderr F:x \($0)" }),
    Envelope(name: "docker-compose 1", wrap: { "envoy_1    | \($0)" }, pod: "envoy_1"),
    Envelope(
      name: "docker compose 2 with times", wrap: { "envoy-1         | \(stamp) \($0)" }, pod: "envoy-1"),
    Envelope(
      name: "docker compose in colour", wrap: { "\u{1B}[2K\u{1B}[36menvoy-1  |\u{1B}[0m \($0)" },
      pod: "envoy-1"),
  ]

  /// Prefixes of other tools, by the table that they are read from.
  static let shapes: [Envelope] = [
    Envelope(
      name: "kubetail", wrap: { "[sleep-x istio-proxy] \($0)" }, pod: "sleep-x", container: "istio-proxy"),
    Envelope(name: "kubetail, one container", wrap: { "[sleep-x] \($0)" }, pod: "sleep-x"),
    Envelope(name: "skaffold", wrap: { "[istio-proxy] \($0)" }, container: "istio-proxy"),
    Envelope(
      name: "kail", wrap: { "default/sleep-x[istio-proxy]: \($0)" }, pod: "sleep-x", namespace: "default",
      container: "istio-proxy"),
    Envelope(name: "Emissary", wrap: { "ACCESS \($0)" }),
    Envelope(name: "syslog, RFC 5424", wrap: { "<14>1 2025-03-04T08:15:02.431Z vm1 envoy 123 - - \($0)" }),
    Envelope(
      name: "syslog, RFC 5424 with data",
      wrap: { "<14>1 2025-03-04T08:15:02.431Z vm1 envoy 123 - [a@1 b=\"c\"] \($0)" }),
    Envelope(name: "syslog, RFC 3164", wrap: { "<14>Mar  4 08:15:02 vm1 envoy[123]: \($0)" }),
    Envelope(name: "journalctl -o short", wrap: { "Mar 04 08:15:02 vm1 envoy[123]: \($0)" }),
    Envelope(name: "journalctl -o short-iso", wrap: { "2025-03-04T08:15:02+0000 vm1 envoy[123]: \($0)" }),
    Envelope(name: "Grafana's txt", wrap: { "1741076102418\t2025-03-04T08:15:02.418Z\t\($0)" }),
    Envelope(
      name: "logcli", wrap: { "2025-03-04T08:15:02Z {namespace=\"default\", pod=\"sleep-x\"} \($0)" },
      pod: "sleep-x", namespace: "default"),
    Envelope(name: "aws logs tail", wrap: { "2025-03-04T08:15:02.431000+00:00 envoy/envoy/0123 \($0)" }),
    Envelope(name: "a time with a space", wrap: { "2025-03-04 08:15:02.431 \($0)" }),
    Envelope(
      name: "fluentd's out_file",
      wrap: {
        "2025-03-04T08:15:02+00:00\tkubernetes.var.log.containers.sleep-x_default_istio-proxy-0123abcd.log\t{\"log\":\(quoted($0))}"
      }, pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Fluent Bit's out_file",
      wrap: {
        "kube.var.log.containers.sleep-x_default_istio-proxy-0123abcd.log: [1741076102.431, {\"log\":\(quoted($0))}]"
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(name: "the collector's debug output", wrap: { "Body: Str(\($0))" }),
    Envelope(name: "docker service logs", wrap: { "web.1.z7fq2@node1    | \($0)" }),
  ]

  static let json: [Envelope] = [
    Envelope(
      name: "Docker's json-file",
      wrap: { #"{"log":\#(quoted($0 + "\n")),"stream":"stdout","time":"\#(stamp)"}"# }),
    Envelope(
      name: "stern -o json",
      wrap: {
        #"{"message":\#(quoted($0)),"nodeName":"n1","namespace":"default","podName":"sleep-x","containerName":"istio-proxy"}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "logcli -o jsonl",
      wrap: {
        #"{"labels":{"cluster":"ack1","container":"istio-proxy","namespace":"default","pod":"sleep-x"},"line":\#(quoted($0)),"timestamp":"\#(stamp)"}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy", meshCluster: "ack1"),
    Envelope(
      name: "Fluent Bit",
      wrap: {
        #"{"date":1716458791.5,"stream":"stdout","_p":"F","log":\#(quoted($0)),"kubernetes":{"pod_name":"sleep-x","namespace_name":"default","labels":{"app":"sleep"},"container_name":"istio-proxy"}}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Fluent Bit that left the runtime's prefix",
      wrap: { #"{"@timestamp":"\#(stamp)","log":\#(quoted(stamp + " stdout F " + $0))}"# }),
    Envelope(
      name: "Vector",
      wrap: {
        #"{"file":"/var/log/pods/x.log","kubernetes":{"container_name":"istio-proxy","pod_labels":{"app":"sleep"},"pod_name":"sleep-x","pod_namespace":"default"},"message":\#(quoted($0)),"source_type":"kubernetes_logs","stream":"stdout","timestamp":"\#(stamp)"}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Filebeat",
      wrap: {
        #"{"@timestamp":"\#(stamp)","log":{"offset":1,"file":{"path":"/x"}},"message":\#(quoted($0)),"kubernetes":{"namespace":"default","pod":{"uid":"u","name":"sleep-x"},"container":{"name":"istio-proxy"}}}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Alibaba SLS, standard output",
      wrap: {
        #"{"__source__":"10.0.0.1","__time__":"1716458791","_container_name_":"istio-proxy","_namespace_":"default","_pod_name_":"sleep-x","_source_":"stdout","_time_":"\#(stamp)","content":\#(quoted($0))}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Alibaba SLS, tags",
      wrap: {
        #"{"__tag__:_container_name_":"istio-proxy","__tag__:_namespace_":"default","__tag__:_pod_name_":"sleep-x","__time__":1716458791,"content":\#(quoted($0))}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Cloud Logging, text",
      wrap: {
        #"{"insertId":"x","textPayload":\#(quoted($0)),"resource":{"type":"k8s_container","labels":{"cluster_name":"ack1","namespace_name":"default","pod_name":"sleep-x","container_name":"istio-proxy"}},"timestamp":"\#(stamp)"}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy", meshCluster: "ack1"),
    Envelope(
      name: "Cloud Logging, an object",
      wrap: {
        #"{"insertId":"x","jsonPayload":\#($0),"resource":{"type":"k8s_container","labels":{"cluster_name":"ack1","namespace_name":"default","pod_name":"sleep-x","container_name":"istio-proxy"}}}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy", meshCluster: "ack1", takesText: false),
    Envelope(
      name: "stern -o extjson",
      wrap: { #"{"namespace": "default", "pod": "sleep-x", "container": "istio-proxy", "message": \#($0)}"# },
      pod: "sleep-x", namespace: "default", container: "istio-proxy", takesText: false),
    Envelope(
      name: "OTLP, Envoy's node",
      wrap: {
        #"{"resourceLogs":[{"resource":{"attributes":[{"key":"log_name","value":{"stringValue":"otel_envoy_accesslog"}},{"key":"cluster_name","value":{"stringValue":"sleep.default"}},{"key":"node_name","value":{"stringValue":"sidecar~10.1.0.4~sleep-x.default~default.svc.cluster.local"}}]},"scopeLogs":[{"logRecords":[{"body":{"stringValue":\#(quoted($0))}}]}]}]}"#
      },
      pod: "sleep-x", namespace: "default"),
    Envelope(
      name: "OTLP, the record's attributes",
      wrap: {
        #"{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"body":{"stringValue":\#(quoted($0))},"attributes":[{"key":"k8s.namespace.name","value":{"stringValue":"default"}},{"key":"k8s.pod.name","value":{"stringValue":"sleep-x"}}]}]}]}]}"#
      },
      pod: "sleep-x", namespace: "default"),
    Envelope(
      name: "OTLP",
      wrap: {
        #"{"resourceLogs":[{"resource":{"attributes":[{"key":"k8s.pod.name","value":{"stringValue":"sleep-x"}},{"key":"k8s.namespace.name","value":{"stringValue":"default"}},{"key":"k8s.cluster.name","value":{"stringValue":"ack1"}}]},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1","body":{"stringValue":\#(quoted($0))},"attributes":[]}]}]}]}"#
      },
      pod: "sleep-x", namespace: "default", meshCluster: "ack1"),
  ]

  /// Documents whose envelopes nest.
  static let documents: [Envelope] = [
    Envelope(
      name: "Loki's API",
      wrap: {
        #"{"status":"success","data":{"resultType":"streams","result":[{"stream":{"pod":"sleep-x","namespace":"default","container":"istio-proxy","cluster":"ack1"},"values":[["1741076102418000000",\#(quoted($0))]]}],"stats":{}}}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy", meshCluster: "ack1"),
    Envelope(
      name: "Elasticsearch's _search",
      wrap: {
        #"{"took":3,"hits":{"total":{"value":1},"hits":[{"_index":"f","_source":{"message":\#(quoted($0)),"event":{"original":\#(quoted($0))},"kubernetes":{"pod":{"name":"sleep-x"},"namespace":"default","container":{"name":"istio-proxy"}}},"fields":{"message":[\#(quoted($0))]}}]}}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Grafana's json",
      wrap: {
        #"[{"line":\#(quoted($0)),"timestamp":"1","fields":{"namespace":"default","pod":"sleep-x"}}]"#
      },
      pod: "sleep-x", namespace: "default"),
    Envelope(
      name: "Azure's ContainerLogV2",
      wrap: {
        #"{"TimeGenerated":"t","ContainerName":"istio-proxy","PodName":"sleep-x","PodNamespace":"default","LogMessage":\#(quoted($0)),"LogSource":"stdout"}"#
      }, pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Azure's API",
      wrap: {
        #"{"tables":[{"name":"P","columns":[{"name":"PodName"},{"name":"LogMessage"}],"rows":[["sleep-x",\#(quoted($0))]]}]}"#
      }, pod: "sleep-x"),
    Envelope(
      name: "Splunk's export",
      wrap: { #"{"preview":false,"result":{"_raw":\#(quoted($0)),"namespace":"default","pod":"sleep-x"}}"# },
      pod: "sleep-x", namespace: "default"),
    Envelope(
      name: "Splunk's HEC",
      wrap: { #"{"event":\#(quoted($0)),"fields":{"namespace":"default","pod":"sleep-x"},"host":"n"}"# },
      pod: "sleep-x", namespace: "default"),
    Envelope(
      name: "CloudWatch Logs Insights",
      wrap: {
        #"{"results":[[{"field":"@message","value":\#(quoted($0))},{"field":"kubernetes.pod_name","value":"sleep-x"}]]}"#
      },
      pod: "sleep-x"),
    Envelope(
      name: "CloudWatch's streams of Container Insights",
      wrap: {
        #"{"events":[{"logStreamName":"n1-application.var.log.containers.sleep-x_default_istio-proxy-0123abcd.log","message":\#(quoted($0))}]}"#
      },
      pod: "sleep-x", namespace: "default", container: "istio-proxy"),
    Envelope(
      name: "Datadog's archive",
      wrap: {
        #"{"message":\#(quoted($0)),"tags":["pod_name:sleep-x","kube_namespace:default"],"attributes":{}}"#
      },
      pod: "sleep-x", namespace: "default"),
    Envelope(
      name: "journald",
      wrap: { #"{"SYSLOG_IDENTIFIER":"envoy","CONTAINER_NAME":"envoy","MESSAGE":\#(quoted($0))}"# },
      container: "envoy"),
    Envelope(
      name: "fluent-operator's lifted names",
      wrap: {
        #"{"log":\#(quoted($0)),"kubernetes_pod_name":"sleep-x","kubernetes_namespace_name":"default"}"#
      },
      pod: "sleep-x", namespace: "default"),
    Envelope(
      name: "Istio's labels in OpenTelemetry",
      wrap: {
        #"{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"body":{"stringValue":\#(quoted($0))},"attributes":[{"key":"pod","value":{"stringValue":"sleep-x"}},{"key":"namespace","value":{"stringValue":"default"}},{"key":"cluster","value":{"stringValue":"ack1"}},{"key":"method","value":{"stringValue":"GET"}},{"key":"path","value":{"stringValue":"/"}},{"key":"start_time","value":{"stringValue":"x"}}]}]}]}]}"#
      },
      pod: "sleep-x", namespace: "default", meshCluster: "ack1"),
  ]

  static let bodies = [
    RealLines.istioText, RealLines.tcpText, RealLines.asmJSON, RealLines.asmTCPJSON, RealLines.istioJSON,
    #"[2016-04-15T20:17:00.310Z] "POST /<a>\"q\" HTTP/2" 204 - 154 0 226 100 "-" "a \ b" "x" "l" "tcp://10.0.2.1:80""#,
  ]
}
