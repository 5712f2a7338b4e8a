/// Lines that say who wrote the lines after them, until another one does.
///
/// `kubectl cluster-info dump` (`==== START logs for container C of pod NS/POD ====`), `tail` of several files
/// (`==> PATH <==`), Grafana's download (`Common labels: {…}`), the OpenTelemetry collector's debug output
/// (`     -> k8s.pod.name: Str(POD)`).
struct SectionLines {
  private(set) var names = Origin<[UInt8]>()

  /// Whether the line is one of them; then it is no access log.
  mutating func take(_ line: Span<UInt8>) -> Bool {
    let start = JSONWalk.skipSpace(line, from: 0)
    guard start < line.count else { return false }
    switch line[start] {
    case 0x3D: return takeHeading(line)
    case UInt8(ascii: "C") where line.holds("Common labels: {", at: start):
      names = LabelText.names(in: line.extracting(start + 15..<line.count))
      return true
    case UInt8(ascii: "-") where line.holds("-> ", at: start): return takeAttribute(line, from: start + 3)
    default:
      // Each begins with a time and a level, or alone; what follows is of another resource.
      guard line.count < 200, line.contains("ResourceLog", in: 0..<line.count) else { return false }
      names = Origin()
      return true
    }
  }

  private mutating func takeHeading(_ line: Span<UInt8>) -> Bool {
    let end = line.trimmedEnd(line.count)
    if line.holds("==> ", at: 0), end > 8, line.holds(" <==", at: end - 4) {
      var path: [UInt8] = []
      path.append(line, 4..<end - 4)
      names = PathNames.names(in: path)
      if names.isEmpty, let name = path.split(separator: UInt8(ascii: "/")).last,
        let identity = Origin<String>(fileName: String(decoding: name, as: UTF8.self))
      {
        names = identity.bytes
      }
      return true
    }
    if line.holds("==== END logs for container ", at: 0) {
      names = Origin()
      return true
    }
    let head = "==== START logs for container " as StaticString
    guard line.holds(head, at: 0) else { return false }
    let words = Self.words(line, from: head.utf8CodeUnitCount)
    guard words.count >= 4, words[2] == Array("pod".utf8),
      let slash = words[3].firstIndex(of: UInt8(ascii: "/"))
    else { return false }
    names = Origin()
    names.take(.containerName, words[0])
    names.take(.podNamespace, Array(words[3][..<slash]))
    names.take(.podName, Array(words[3][(slash + 1)...]))
    return true
  }

  private static func words(_ line: Span<UInt8>, from start: Int) -> [[UInt8]] {
    var rest: [UInt8] = []
    rest.append(line, start..<min(line.count, start + 1024))
    return rest.split(separator: 0x20).map(Array.init)
  }

  /// `key: Str(value)`, `key: STRING(value)`.
  private mutating func takeAttribute(_ line: Span<UInt8>, from start: Int) -> Bool {
    let end = line.trimmedEnd(line.count)
    guard end > start, line[end - 1] == 0x29,
      let colon = line.first(0x3A, from: start, to: min(end, start + 128)),
      let open = line.first(0x28, from: colon, to: end)
    else { return false }
    let key = line.extracting(start..<colon)
    var value: [UInt8] = []
    value.append(line, open + 1..<end - 1)
    // Envoy's own service.
    if key.isEqual(to: "cluster_name") { return true }
    switch EnvelopeKeys.meaning(key) {
    case .name(let field)?: names.take(field, value)
    case .node?: names.takeNode(value)
    case .path?: if names.pod.isEmpty { names.fill(from: PathNames.names(in: value)) }
    default: break
    }
    return true
  }
}
