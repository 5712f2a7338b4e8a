/// What tools put before a line of text, as data. `PlainPrefix` reads those of Kubernetes and of the container runtimes,
/// which are the most frequent; these are all others.
package struct PrefixShape: Sendable {
  /// Text, and in braces what may stand there: see `Piece`.
  package let pattern: String
  /// A prefix of this shape, for the documentation and its test.
  package let example: String
  /// What closes the line where the shape opens something.
  let closing: UInt8?
  private let pieces: [Piece]

  init(_ pattern: String, _ example: String, closing: UInt8? = nil) {
    self.pattern = pattern
    self.example = example
    self.closing = closing
    pieces = Piece.parse(pattern)
  }

  /// Tried in this order; one counts only where an access log follows.
  package static let all = [
    // kubetail and skaffold.
    PrefixShape("[{pod} {container}] ", "[web-6c9f8d7b5c-x2k4q istio-proxy] "),
    PrefixShape("[{pod}] ", "[web-6c9f8d7b5c-x2k4q] "),
    // kail.
    PrefixShape("{namespace}/{pod}[{container}]: ", "shop/web-6c9f8d7b5c-x2k4q[istio-proxy]: "),
    // Emissary, Ambassador, Edge Stack.
    PrefixShape("ACCESS ", "ACCESS "),
    // syslog: RFC 5424, RFC 3164 with and without its priority, journalctl -o short, short-iso.
    PrefixShape(
      "<{n}>{n} {time} {word} {word} {word} {word} {data} ",
      "<14>1 2025-03-04T08:15:02.431Z vm1 envoy 123 - - "),
    PrefixShape("<{n}>{date} {word} {tag}: ", "<14>Mar  4 08:15:02 vm1 envoy[123]: "),
    PrefixShape("<{n}>{time} {word} {tag}: ", "<14>2025-03-04T08:15:02.431Z vm1 envoy[123]: "),
    PrefixShape("{date} {word} {tag}: ", "Mar 04 08:15:02 vm1 envoy[123]: "),
    PrefixShape("{time} {word} {tag}: ", "2025-03-04T08:15:02+0000 vm1 envoy[123]: "),
    // Grafana Explore, Download > txt.
    PrefixShape("{n}\t{time}\t", "1741076102418\t2025-03-04T08:15:02.418Z\t"),
    // fluentd's out_file.
    PrefixShape(
      "{time}\t{path}\t",
      "2025-03-04T08:15:02+00:00\tkubernetes.var.log.containers.web_shop_istio-proxy-0123.log\t"),
    // logcli's default output.
    PrefixShape(
      "{time} {labels} ", "2025-03-04T08:15:02Z {namespace=\"shop\", pod=\"web-6c9f8d7b5c-x2k4q\"} "),
    // aws logs tail, GitLab's and other runners' logs.
    PrefixShape("{time} {path} ", "2025-03-04T08:15:02.431000+00:00 envoy/envoy/0123 "),
    PrefixShape("{time}\t", "2025-03-04T08:15:02.431Z\t"),
    PrefixShape("{time} ", "2025-03-04 08:15:02.431 "),
    // Fluent Bit's out_file.
    PrefixShape(
      "{path}: [{number}, ", "kube.var.log.containers.web_shop_istio-proxy-0123.log: [1741076102.431000, ",
      closing: 0x5D),
    // The OpenTelemetry collector's debug and logging exporters.
    PrefixShape("Body: Str(", "Body: Str(", closing: 0x29),
    PrefixShape("Body: STRING(", "Body: STRING(", closing: 0x29),
    PrefixShape("Body: ", "Body: "),
    // docker service logs.
    PrefixShape("{word} {spaces}| ", "web.1.z7fq2@node1    | "),
    // Container Insights' and others' `stream tag line`.
    PrefixShape("stdout F ", "stdout F "),
  ]

  /// Where the text behind a prefix of this shape begins, and who it names.
  func match(_ line: Span<UInt8>, from start: Int) -> (end: Int, names: Origin<[UInt8]>)? {
    var names = Origin<[UInt8]>()
    var index = start
    for (place, piece) in pieces.enumerated() {
      let next: UInt8? =
        if place + 1 < pieces.count, case .text(let text) = pieces[place + 1] { text.first } else { nil }
      guard let end = piece.end(in: line, from: index, before: next) else { return nil }
      piece.takeNames(line, index..<end, &names)
      index = end
    }
    return index < line.count ? (index, names) : nil
  }
}

extension PrefixShape {
  enum Piece: Sendable {
    case text([UInt8])
    /// A name of Kubernetes'.
    case name(Field)
    /// No spaces.
    case word
    /// A word that may be a log's path, or a tag made of one.
    case path
    /// Up to a colon, without spaces before it: `envoy[123]`.
    case tag
    case digits
    case number
    case spaces
    /// RFC 3339, also with a space for its T and without a zone.
    case time
    /// `Mar  4 08:15:02`, with or without a fraction.
    case date
    /// `-` or `[…]` (RFC 5424, section 6.3).
    case data
    /// `{pod="x", namespace="y"}`
    case labels

    static func parse(_ pattern: String) -> [Piece] {
      var pieces: [Piece] = []
      var rest = Substring(pattern)
      while !rest.isEmpty {
        if rest.first == "{", let close = rest.firstIndex(of: "}"),
          let piece = placeholders[String(rest[rest.index(after: rest.startIndex)..<close])]
        {
          pieces.append(piece)
          rest = rest[rest.index(after: close)...]
        } else {
          let end = rest.dropFirst().firstIndex(of: "{") ?? rest.endIndex
          pieces.append(.text(Array(rest[..<end].utf8)))
          rest = rest[end...]
        }
      }
      return pieces
    }

    private static let placeholders: [String: Piece] = [
      "pod": .name(.podName), "namespace": .name(.podNamespace), "container": .name(.containerName),
      "word": .word, "path": .path, "tag": .tag, "n": .digits, "number": .number, "spaces": .spaces,
      "time": .time, "date": .date, "data": .data, "labels": .labels,
    ]

    /// Where the piece ends; nil where it is none. `next`: the byte that must follow it.
    func end(in line: Span<UInt8>, from start: Int, before next: UInt8?) -> Int? {
      switch self {
      case .text(let text): line.holds(text, at: start) ? start + text.count : nil
      case .name:
        run(line, start, limit: 254) {
          $0.isDigit || $0.isLetter || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
      case .word: run(line, start, limit: 512) { $0 > 0x20 && $0 != 0x7B }
      case .path: run(line, start, limit: 1024) { $0 > 0x20 && $0 != 0x7B && $0 != 0x22 && $0 != next }
      case .tag: run(line, start, limit: 256) { $0 > 0x20 && $0 != 0x3A && $0 != 0x22 }
      case .digits: run(line, start, limit: 20) { $0.isDigit }
      case .number: run(line, start, limit: 32) { $0.isDigit || $0 == 0x2E }
      case .spaces: run(line, start, limit: 256) { $0 == 0x20 }
      case .time: Stamp.end(in: line, at: start) ?? LooseStamp.end(in: line, at: start)
      case .date: LooseStamp.monthEnd(in: line, at: start)
      case .data: data(line, start)
      case .labels: start < line.count && line[start] == 0x7B ? LabelText.end(in: line, at: start) : nil
      }
    }

    private func run(_ line: Span<UInt8>, _ start: Int, limit: Int, _ allows: (UInt8) -> Bool) -> Int? {
      var index = start
      let end = min(line.count, start + limit)
      while index < end, allows(line[index]) { index += 1 }
      return index > start && index < start + limit ? index : nil
    }

    private func data(_ line: Span<UInt8>, _ start: Int) -> Int? {
      guard start < line.count else { return nil }
      if line[start] == 0x2D { return start + 1 }
      var index = start
      while index < line.count, line[index] == 0x5B {
        // The line itself may begin with a bracket; an element's name is no number.
        guard index + 1 < line.count, !line[index + 1].isDigit,
          let close = line.first(0x5D, from: index, to: min(line.count, index + 1024))
        else { break }
        index = close + 1
      }
      return index > start ? index : nil
    }

    func takeNames(_ line: Span<UInt8>, _ range: Range<Int>, _ names: inout Origin<[UInt8]>) {
      switch self {
      case .name(let field):
        var name: [UInt8] = []
        name.append(line, range)
        // Both are found alone in brackets.
        let isContainer = name.span.isEqual(to: "istio-proxy") || name.span.isEqual(to: "envoy")
        names.take(isContainer && field == .podName ? .containerName : field, name)
      case .path:
        var path: [UInt8] = []
        path.append(line, range)
        names.fill(from: PathNames.names(in: path))
      case .labels: names.fill(from: LabelText.names(in: line.extracting(range)))
      default: break
      }
    }
  }
}
