extension FindingsReport.Content {
  /// The whole report as bytes for standard output.
  func rendered(as form: OutputForm, ink: Ink) -> [UInt8] {
    switch form {
    case .table, .wide:
      return Array(findings.map { $0.text(wide: form == .wide, ink) }.joined(separator: "\n").utf8)
    case .json:
      var writer = JSONWriter()
      writer.object { writer in
        writer.member("schema", "meshweft.findings/1")
        writer.key("findings")
        writer.array(findings) { $1.write(to: &$0) }
      }
      writer.newline()
      return writer.bytes
    case .ndjson:
      var writer = JSONWriter()
      for finding in findings {
        finding.write(to: &writer)
        writer.newline()
      }
      return writer.bytes
    case .csv:
      var report = Report(schema: "", rowsKey: "", columns: FindingsReport.Content.columns)
      report.rows = findings.map(\.row)
      return report.rendered(as: .csv)
    }
  }

  private static let columns: [Report.Column] =
    [
      "kind", "severity", "service", "host", "mesh_cluster", "pod", "client", "proxy", "source", "role",
      "from", "to", "sentence", "confidence",
    ]
    .map { .init(key: $0, header: "") }
}

extension Finding {
  fileprivate var subjects: [(key: String, value: String)] {
    [
      ("service", subject.service), ("host", subject.host), ("mesh_cluster", subject.meshCluster),
      ("pod", subject.pod),
      ("client", subject.client), ("proxy", subject.proxy), ("source", subject.source),
      ("role", subject.role),
    ].compactMap { key, value in value.flatMap { $0.isEmpty ? nil : (key, $0) } }
  }

  fileprivate var row: [Report.Value] {
    let named = Dictionary(uniqueKeysWithValues: subjects.map { ($0.key, $0.value) })
    return [.text(kind.rawValue), .text(severity.rawValue)]
      + ["service", "host", "mesh_cluster", "pod", "client", "proxy", "source", "role"].map { key in
        named[key].map { .text($0) } ?? .missing
      } + [.instant(from), .instant(to), .text(sentence), .decimal(confidence, digits: 2)]
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("kind", kind.rawValue)
      writer.member("severity", severity.rawValue)
      writer.member("subject") { writer in for (key, value) in subjects { writer.member(key, value) } }
      writer.member("from", Instant.text(from))
      writer.member("to", Instant.text(to))
      writer.member("sentence", sentence)
      writer.member("evidence", evidence)
      writer.member("numbers") { writer in
        for number in numbers { writer.member(number.name, number.value, digits: number.digits) }
      }
      writer.member("confidence", confidence, digits: 3)
      writer.key("remedies")
      writer.array(remedies) { writer, remedy in
        writer.object { writer in
          writer.member("text", remedy.text)
          if let yaml = remedy.yaml { writer.member("yaml", yaml) }
        }
      }
    }
  }

  /// A paragraph; `wide` has the manifests, too.
  func text(wide: Bool, _ ink: Ink) -> String {
    let colour: Ink.Colour = severity == .critical ? .red : severity == .warning ? .yellow : .dim
    let about = subject.service.map { "  " + Shown.text($0, limit: 200) } ?? ""
    var lines = [ink.paint("\(severity.rawValue.uppercased())  \(kind.rawValue)", colour) + about]
    lines.append("  " + Shown.text(sentence))
    lines += evidence.map { "  Evidence: " + Shown.text($0) }
    for remedy in remedies {
      lines.append("  Helps: " + Shown.text(remedy.text))
      if wide, let yaml = remedy.yaml {
        lines += yaml.split(separator: "\n", omittingEmptySubsequences: false).map {
          "    " + Shown.text(String($0))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
