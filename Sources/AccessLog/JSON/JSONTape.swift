/// The values of a JSON text, or of several one behind the other, as a list in the order of the text.
///
/// For documents that hold many lines, whose envelopes nest: one pass over the bytes, without recursion; every later
/// question costs steps along the list. The text may come in pieces, cut between two tokens (at a line's end). It takes
/// what has the shape of JSON and ends at what has not; the values before that stay.
struct JSONTape {
  struct Node {
    var kind: JSONValue.Kind
    /// Its closing bracket was seen, or it needs none.
    var isClosed: Bool
    /// The inside of the key's quotes; empty where it stands in an array, or alone.
    var keyStart: Int32 = 0
    var keyEnd: Int32 = 0
    /// The inside of a string; of all others the whole value.
    var start: Int32
    var end: Int32
    /// The node behind this one and all in it.
    var next: Int32
  }

  enum State: Equatable {
    /// Whole values and nothing else so far.
    case complete
    /// Within an object or an array.
    case open
    /// The text went on as no JSON does, or nests too deeply.
    case malformed
  }

  private enum Expected {
    case root, value, valueOrClose, key, keyOrClose, commaOrClose
  }

  private(set) var nodes: [Node] = []
  /// The open containers, outermost first.
  private(set) var stack: [Int32] = []
  private var expected = Expected.root
  private var key = 0..<0
  private(set) var isMalformed = false
  /// Behind the last byte that was taken.
  private(set) var position = 0

  /// Values stand one behind the other, and one of them is an object without anything in it: what no log writes, so that the
  /// line is not what it seems to be.
  var hasEmptyObjectBesideOthers: Bool {
    guard !nodes.isEmpty, end(of: 0) < nodes.count else { return false }
    var root = 0
    while root < nodes.count {
      let next = end(of: root)
      if nodes[root].kind == .object, nodes[root].isClosed, next == root + 1 { return true }
      root = next
    }
    return false
  }

  init() {}

  /// Reads a whole text.
  init(_ text: Span<UInt8>) { read(text) }

  var state: State { isMalformed ? .malformed : stack.isEmpty ? .complete : .open }

  mutating func removeAll() {
    let nodes = nodes
    self = JSONTape()
    // A large document's list is not kept for the small ones after it.
    if nodes.capacity <= 1 << 12 {
      self.nodes = nodes
      self.nodes.removeAll(keepingCapacity: true)
    }
  }

  /// Goes on to the text's end from where it was; `text` begins with all that was read before.
  mutating func read(_ text: Span<UInt8>) {
    while !isMalformed {
      position = JSONWalk.skipSpace(text, from: position)
      guard position < text.count else { return }
      step(text, text[position])
    }
  }

  private mutating func step(_ text: Span<UInt8>, _ byte: UInt8) {
    switch expected {
    case .root:
      // Between documents: a comma, or the record separator of JSON text sequences (RFC 7464).
      if byte == 0x2C || byte == 0x1E, !nodes.isEmpty || byte == 0x1E {
        position += 1
      } else {
        value(text, byte)
      }
    case .value: value(text, byte)
    case .valueOrClose: if byte == 0x5D { close(0x5D) } else { value(text, byte) }
    case .key: member(text, byte)
    case .keyOrClose: if byte == 0x7D { close(0x7D) } else { member(text, byte) }
    case .commaOrClose: comma(byte)
    }
  }

  private var isInObject: Bool { stack.last.map { nodes[Int($0)].kind == .object } ?? false }

  private mutating func comma(_ byte: UInt8) {
    if byte == 0x2C {
      position += 1
      expected = isInObject ? .key : .value
    } else {
      close(byte)
    }
  }

  private mutating func close(_ byte: UInt8) {
    guard let top = stack.last, byte == (isInObject ? 0x7D : 0x5D) else { return fail() }
    position += 1
    stack.removeLast()
    nodes[Int(top)].isClosed = true
    nodes[Int(top)].end = Int32(position)
    nodes[Int(top)].next = Int32(nodes.count)
    expected = stack.isEmpty ? .root : .commaOrClose
  }

  private mutating func fail() { isMalformed = true }

  /// Goes on where another one was: for a text of which what was done with has been taken out.
  mutating func expectTheSame(as other: JSONTape) { expected = other.expected }

  private mutating func member(_ text: Span<UInt8>, _ byte: UInt8) {
    guard byte == 0x22, let (name, end) = JSONWalk.value(text, at: position) else { return fail() }
    let colon = JSONWalk.skipSpace(text, from: end)
    guard colon < text.count, text[colon] == 0x3A else { return fail() }
    key = name.range
    position = colon + 1
    expected = .value
  }

  private mutating func value(_ text: Span<UInt8>, _ byte: UInt8) {
    switch byte {
    case 0x7B, 0x5B:
      guard stack.count < Limits.jsonDepth else { return fail() }
      add(byte == 0x7B ? .object : .array, position..<position, isClosed: false)
      stack.append(Int32(nodes.count - 1))
      position += 1
      expected = byte == 0x7B ? .keyOrClose : .valueOrClose
    default:
      guard let (value, end) = JSONWalk.value(text, at: position), isScalar(text, value) else {
        return fail()
      }
      add(value.kind, value.range, isClosed: true)
      position = end
      expected = stack.isEmpty ? .root : .commaOrClose
    }
  }

  /// Words that JSON does not have are somebody's text.
  private func isScalar(_ text: Span<UInt8>, _ value: JSONValue) -> Bool {
    let word = text.extracting(value.range)
    switch value.kind {
    case .number:
      for index in word.indices {
        let byte = word[index]
        guard byte.isDigit || byte == 0x2D || byte == 0x2B || byte == 0x2E || byte | 0x20 == 0x65 else {
          return false
        }
      }
      return true
    case .literal: return word.isEqual(to: "null") || word.isEqual(to: "true") || word.isEqual(to: "false")
    default: return true
    }
  }

  private mutating func add(_ kind: JSONValue.Kind, _ range: Range<Int>, isClosed: Bool) {
    nodes.append(
      Node(
        kind: kind, isClosed: isClosed, keyStart: Int32(key.lowerBound), keyEnd: Int32(key.upperBound),
        start: Int32(range.lowerBound), end: Int32(range.upperBound), next: Int32(nodes.count + 1)))
    key = 0..<0
  }
}

extension JSONTape {
  /// The nodes directly in a container, in their order. Of one that is not closed: those that are there.
  func children(of index: Int, _ body: (Int, Node) -> Void) {
    var child = index + 1
    let end = end(of: index)
    while child < end {
      body(child, nodes[child])
      child = self.end(of: child)
    }
  }

  /// The node behind a node and all in it.
  func end(of index: Int) -> Int {
    let node = nodes[index]
    return node.isClosed ? Int(node.next) : nodes.count
  }

  /// The first child that `matches`.
  func child(of index: Int, where matches: (Node) -> Bool) -> Int? {
    var child = index + 1
    let end = end(of: index)
    while child < end {
      if matches(nodes[child]) { return child }
      child = self.end(of: child)
    }
    return nil
  }
}

extension JSONTape.Node {
  var range: Range<Int> { Int(start)..<max(Int(start), Int(end)) }
  var key: Range<Int> { Int(keyStart)..<Int(keyEnd) }
  var isString: Bool { kind == .string || kind == .escapedString }
  var isContainer: Bool { kind == .object || kind == .array }
}
