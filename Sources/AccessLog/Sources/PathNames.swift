/// Who wrote a log, by where its file lies: as kubelet, Kubernetes' own tools and diagnostic tools lay them.
package enum PathNames {
  /// A layout: the last parts of a path, and what stands in them.
  package struct Shape: Sendable {
    /// `{pod}`, `{namespace}`, `{container}`: names. `{uid}`, `{id}`, `{n}`, `{any}`: what is of no interest.
    package let pattern: String
    /// A path of this shape, for the documentation and its test.
    package let example: String
    let parts: [[Part]]

    init(_ pattern: String, _ example: String) {
      self.pattern = pattern
      self.example = example
      parts = pattern.split(separator: "/").map { Part.parse(String($0)) }
    }
  }

  /// Tried in this order.
  package static let shapes = [
    Shape(
      "{namespace}_{pod}_{uid}/{container}/{n}.log",
      "/var/log/pods/shop_web-6c9f8d7b5c-x2k4q_0c6f1d0e-1b2c-4d5e-8f90-a1b2c3d4e5f6/istio-proxy/0.log"),
    Shape(
      "{pod}_{namespace}_{container}-{id}.log",
      "/var/log/containers/web-6c9f8d7b5c-x2k4q_shop_istio-proxy-8e1f6a0b2c3d4e5f.log"),
    Shape(
      "proxies/{namespace}/{pod}/{container}.log",
      "bug-report/proxies/shop/web-6c9f8d7b5c-x2k4q/istio-proxy.log"),
    Shape(
      "namespaces/{namespace}/pods/{pod}/{container}/{any}/logs/{any}.log",
      "must-gather/namespaces/shop/pods/web-6c9f8d7b5c-x2k4q/istio-proxy/istio-proxy/logs/current.log"),
    Shape("podlogs/{namespace}/{pod}/logs/{container}.txt", "podlogs/shop/web-0/logs/istio-proxy.txt"),
    Shape(
      "pods/logs/{namespace}/{pod}/{container}.log", "cluster-resources/pods/logs/shop/web-0/istio-proxy.log"),
    Shape("core_v1/{namespace}/{pod}/{container}.log", "kubecapture/core_v1/shop/web-0/istio-proxy.log"),
    Shape("{namespace}/{pod}/logs.txt", "dump/shop/web-6c9f8d7b5c-x2k4q/logs.txt"),
  ]

  /// What a path says; nil where it has none of the shapes.
  package static func identity(of path: String) -> Origin<String>? {
    let names = names(in: Array(path.utf8))
    return names.isEmpty ? nil : Origin(names)
  }

  /// What a log's path says of who wrote it. A tag that was made of a path will do, too
  /// (`kube.var.log.containers.POD_NS_CONTAINER-ID.log`).
  static func names(in path: [UInt8]) -> Origin<[UInt8]> {
    let parts = withoutTag(path).split(separator: UInt8(ascii: "/")).map(Array.init)
    guard var last = parts.last else { return Origin() }
    last = withoutRotation(last)
    for shape in shapes {
      if let names = match(shape, parts.dropLast() + [last]) { return names }
    }
    return Origin()
  }

  /// Tags are paths with dots for slashes; the path before the file's name says nothing there.
  private static func withoutTag(_ path: [UInt8]) -> [UInt8] {
    let mark = Array("var.log.containers.".utf8)
    guard path.count > mark.count else { return path }
    for start in 0...(path.count - mark.count) where path[start..<start + mark.count].elementsEqual(mark) {
      return Array(path[(start + mark.count)...])
    }
    return path
  }

  /// `0.log.20250304-081502.gz` is `0.log`.
  private static func withoutRotation(_ name: [UInt8]) -> [UInt8] {
    let mark = Array(".log.".utf8)
    guard name.count > mark.count else { return name }
    for start in 0...(name.count - mark.count) where name[start..<start + mark.count].elementsEqual(mark) {
      return Array(name[..<(start + 4)])
    }
    return name
  }

  private static func match(_ shape: Shape, _ parts: [[UInt8]]) -> Origin<[UInt8]>? {
    guard parts.count >= shape.parts.count else { return nil }
    var names = Origin<[UInt8]>()
    for (pattern, part) in zip(shape.parts, parts.suffix(shape.parts.count)) {
      guard Part.match(pattern[...], part[...], &names) else { return nil }
    }
    return names
  }
}

extension PathNames {
  /// A piece of a path's part.
  enum Part: Sendable {
    case text([UInt8])
    case name(Field)
    /// Letters, digits, `-`, `.` and `_`.
    case any
    case digits
    case hex

    /// `{pod}_{namespace}.log`
    static func parse(_ pattern: String) -> [Part] {
      var parts: [Part] = []
      var rest = Substring(pattern)
      while !rest.isEmpty {
        if rest.first == "{", let close = rest.firstIndex(of: "}") {
          parts.append(placeholder(String(rest[rest.index(after: rest.startIndex)..<close])))
          rest = rest[rest.index(after: close)...]
        } else {
          let end = rest.firstIndex(of: "{") ?? rest.endIndex
          parts.append(.text(Array(rest[..<end].utf8)))
          rest = rest[end...]
        }
      }
      return parts
    }

    private static func placeholder(_ name: String) -> Part {
      switch name {
      case "pod": .name(.podName)
      case "namespace": .name(.podNamespace)
      case "container": .name(.containerName)
      case "n": .digits
      case "id": .hex
      default: .any
      }
    }

    private func allows(_ byte: UInt8) -> Bool {
      let isName = byte.isDigit || byte.isLetter || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      return switch self {
      case .text: false
      case .name: isName
      case .any: isName || byte == UInt8(ascii: "_")
      case .digits: byte.isDigit
      case .hex: byte.isDigit || (byte | 0x20) &- 0x61 < 6
      }
    }

    /// Whether `text` is made of the pieces, each as long as it can be; a part of a path is short.
    static func match(_ pieces: ArraySlice<Part>, _ text: ArraySlice<UInt8>, _ names: inout Origin<[UInt8]>)
      -> Bool
    {
      guard let first = pieces.first else { return text.isEmpty }
      let rest = pieces.dropFirst()
      if case .text(let literal) = first {
        return text.starts(with: literal) && match(rest, text.dropFirst(literal.count), &names)
      }
      var count = min(text.prefix(while: first.allows).count, Limits.nameBytes)
      while count > 0 {
        if match(rest, text.dropFirst(count), &names) {
          if case .name(let field) = first { names.take(field, Array(text.prefix(count))) }
          return true
        }
        count -= 1
      }
      return false
    }
  }
}
