/// A JSON document over several lines (jq, gcloud, aws, `json.dumps(indent=2)`), while it is read.
///
/// Bounded: what has been handed out is dropped, so a document of any length takes the room of what is still open. Its
/// content comes out as soon as it is closed: elements of an array at each line, those of deeper ones in batches.
struct OpenDocument {
  private(set) var text: [UInt8] = []
  private(set) var tape = JSONTape()
  /// Bytes at which finished content is taken out; twice what was left the last time at least.
  private var flushAt = OpenDocument.batchBytes

  static let batchBytes = 1 << 16

  var isOpen: Bool { !text.isEmpty }

  /// Whether a line begins a document that goes on behind it: it ends between two tokens, within an object or an array.
  /// A line that was cut looks so only where the cut is there, too; then the next line shows it.
  mutating func begins(_ line: Span<UInt8>, _ tape: JSONTape) -> Bool {
    let end = line.trimmedEnd(line.count)
    guard tape.state == .open, end > 0, [0x7B, 0x5B, 0x2C].contains(line[end - 1]) else { return false }
    text.append(line, 0..<line.count)
    text.append(0x0A)
    self.tape = tape
    readOn()
    return true
  }

  /// Takes the next line; false where it does not belong to the document.
  mutating func goOn(_ line: Span<UInt8>) -> Bool {
    text.append(line, 0..<line.count)
    text.append(0x0A)
    readOn()
    return !tape.isMalformed
  }

  private mutating func readOn() {
    let text = text
    tape.read(text.span)
  }

  var isTooLong: Bool { text.count > Limits.lineBytes }

  /// Whether what is closed should be taken out.
  var isDue: Bool {
    if tape.stack.isEmpty || text.count >= flushAt { return true }
    return tape.stack.count == 1 && tape.nodes[Int(tape.stack[0])].kind == .array && tape.nodes.count > 1
  }

  mutating func close() {
    text.removeAll(keepingCapacity: text.capacity <= OpenDocument.batchBytes)
    tape.removeAll()
    flushAt = OpenDocument.batchBytes
  }

  /// Drops the finished elements of open arrays. What is in open objects may name the writer of what is still to come.
  mutating func dropClosed() {
    var kept: [UInt8] = []
    let whole = objectDepth ?? tape.stack.count
    for (depth, open) in tape.stack.prefix(whole).enumerated() {
      let inner = depth + 1 < tape.stack.count ? Int(tape.stack[depth + 1]) : nil
      keep(Int(open), inner, into: &kept)
    }
    if whole < tape.stack.count {
      let node = tape.nodes[Int(tape.stack[whole])]
      if !node.key.isEmpty {
        kept.append(text.span, node.key.lowerBound - 1..<node.key.upperBound + 1)
        kept.append(0x3A)
      }
      kept.append(text.span, node.range.lowerBound..<text.count)
    }
    let expected = tape
    text = kept
    tape = JSONTape()
    readOn()
    tape.expectTheSame(as: expected)
    flushAt = max(OpenDocument.batchBytes, 2 * text.count)
  }

  /// The depth of an open Kubernetes object, which is read as a whole: what its arrays hold belongs to it. Nil where none is open.
  private var objectDepth: Int? {
    let line = text.span
    for (depth, open) in tape.stack.enumerated() where tape.nodes[Int(open)].kind == .object {
      let isObject = tape.child(of: Int(open)) {
        $0.isString && line.extracting($0.key).isEqual(to: "apiVersion")
          && (line.extracting($0.range).isEqual(to: "v1")
            || line.holds("discovery.k8s.io/", at: $0.range.lowerBound))
      }
      guard isObject != nil else { continue }
      guard depth + 1 < tape.stack.count else { return depth }
      let isList = line.extracting(tape.nodes[Int(tape.stack[depth + 1])].key).isEqual(to: "items")
      return isList ? depth + 2 < tape.stack.count ? depth + 2 : nil : depth
    }
    return nil
  }

  /// The container's opening bracket and those of its members that are kept; a comma before an open one.
  private func keep(_ container: Int, _ inner: Int?, into kept: inout [UInt8]) {
    let node = tape.nodes[container]
    let line = text.span
    if !node.key.isEmpty {
      kept.append(line, node.key.lowerBound - 1..<node.key.upperBound + 1)
      kept.append(0x3A)
    }
    kept.append(node.kind == .object ? 0x7B : 0x5B)
    guard node.kind == .object else { return }
    var isFirst = true
    tape.children(of: container) { child, member in
      guard child != inner, member.isClosed else { return }
      if !isFirst { kept.append(0x2C) }
      isFirst = false
      let quote = member.isString ? 1 : 0
      kept.append(line, member.key.lowerBound - 1..<member.range.upperBound + quote)
    }
    if inner != nil, !isFirst { kept.append(0x2C) }
  }
}
