/// Takes Kubernetes objects out of what `kubectl get -o yaml` prints, alone, as a list, or several documents between `---`.
///
/// One object is held at a time, so that a list may have any length. A line that cannot belong to it ends it.
struct KubernetesYAML: Sendable {
  var objects: [KubernetesObject] = []
  private var lines: [UInt8] = []
  private(set) var isOpen = false
  /// What is held is an item of a list.
  private var isItem = false
  /// What is held is larger than any object is; it is left out.
  private var isTooLong = false

  /// Whether an object, or a list of such, begins with the line.
  static func begins(_ line: Span<UInt8>) -> Bool {
    line.holds("apiVersion: ", at: 0) || line.holds("- apiVersion: ", at: 0)
  }

  /// Takes a line; false where it does not belong to an object.
  mutating func take(_ line: Span<UInt8>) -> Bool {
    let end = line.trimmedEnd(line.count)
    if end == 0 || line[0] == UInt8(ascii: "#") {
      if isOpen, !lines.isEmpty { keep(line, 0..<end) }
      return isOpen
    }
    if line.holds("---", at: 0) || line.holds("...", at: 0), end == 3 {
      flush()
      isItem = false
      return true
    }
    // A list within an object stands at its own key's place; only that of a list's items holds objects.
    if line.holds("- ", at: 0), isItem || lines.isEmpty {
      flush()
      (isOpen, isItem) = (true, true)
      lines += Array("  ".utf8)
      keep(line, 2..<end)
      return true
    }
    if line[0] == 0x20 || line.holds("- ", at: 0) {
      keep(line, 0..<end)
      return true
    }
    guard KubernetesYAML.isKey(line, end) else {
      close()
      return false
    }
    // Of a list what stands around its items says nothing of them.
    let beginsItems = line.holds("items:", at: 0) && end == 6
    if isItem { flush() } else if beginsItems { lines.removeAll() }
    isOpen = true
    isItem = false
    if !beginsItems { keep(line, 0..<end) }
    return true
  }

  /// Nothing more comes.
  mutating func close() {
    flush()
    (isOpen, isItem) = (false, false)
  }

  /// `kind: Pod`, or `metadata:`.
  private static func isKey(_ line: Span<UInt8>, _ end: Int) -> Bool {
    var index = 0
    while index < end, line[index] | 0x20 &- UInt8(ascii: "a") < 26 { index += 1 }
    guard index > 0, index < end, line[index] == 0x3A else { return false }
    return index + 1 == end || line[index + 1] == 0x20
  }

  private mutating func keep(_ line: Span<UInt8>, _ range: Range<Int>) {
    guard !isTooLong, lines.count + range.count < Limits.lineBytes else {
      isTooLong = true
      return
    }
    lines.append(line, range)
    lines.append(0x0A)
  }

  private mutating func flush() {
    defer {
      lines.removeAll(keepingCapacity: lines.capacity <= KubernetesYAML.keptBytes)
      isTooLong = false
    }
    guard !isTooLong, !lines.isEmpty, let json = YAMLDocument.json(lines) else { return }
    if let object = KubernetesObject.read(json: json) { objects.append(object) }
  }

  /// Bytes of room that is kept for the next object.
  private static let keptBytes = 1 << 16
}
