/// The access logs in a JSON document, and who wrote each.
///
/// An envelope is where the body stands and where the names stand (`EnvelopeKeys`): names hold for what stands beside
/// them and for all that is nested below, nearer ones before farther ones. A record (the document itself, or an element
/// of an array) gives a body once, in whatever many fields it has it. What a client wrote is never taken for a line: only
/// keys that mean a body are looked at, and the fields of an access log are not.
///
/// The walk recurses as deep as the document nests, which is at most `Limits.jsonDepth`.
struct DocumentBodies {
  enum Form: Equatable {
    /// A string that is the line.
    case text
    /// An object whose members are the line's fields.
    case object
    /// A list of keys and values that are the line's fields (OpenTelemetry's attributes).
    case pairs
    /// A connection of ztunnel's, as an object.
    case ztunnel
  }

  struct Body: Equatable {
    var form: Form
    var node: Int
    /// Into `names`; -1 for nobody.
    var names: Int
    /// The object has a member that names the writer and is no part of the line.
    var isMerged = false
  }

  private(set) var bodies: [Body] = []
  private(set) var names: [Origin<[UInt8]>] = []
  /// Kubernetes objects, which hold no lines.
  private(set) var objects: [(node: Int, kind: KubernetesObject.Kind)] = []
  /// The kind of the list at hand's items, where they need not say it.
  private var itemKind: KubernetesObject.Kind?
  private let tape: JSONTape
  private let own: OwnFormat?
  /// Where the bodies of the record at hand begin.
  private var recordStart = 0
  /// From so many on the members of an object make it an access log.
  static let enoughFields = 3

  /// Finds the bodies of `tape`, which was read from `text`. In a document that is not whole, only closed elements of
  /// arrays count: of the rest it is not known who wrote it.
  init(
    _ tape: JSONTape, _ text: Span<UInt8>, below inherited: Origin<[UInt8]> = Origin(), own: OwnFormat? = nil
  ) {
    self.tape = tape
    self.own = own
    if !inherited.isEmpty { names.append(inherited) }
    var root = 0
    while root < tape.nodes.count {
      recordStart = bodies.count
      visit(root, text, names.isEmpty ? -1 : 0, key: nil, isRow: true)
      root = tape.end(of: root)
    }
  }

  /// `key`: the words of the key under which the node stands; `isRow`: strings in it are lines.
  private mutating func visit(
    _ index: Int, _ text: Span<UInt8>, _ named: Int, key: EnvelopeKeys.Words?, isRow: Bool
  ) {
    switch tape.nodes[index].kind {
    case .object: visitObject(index, text, named, key)
    case .array: visitArray(index, text, named, isRow: isRow)
    default: break
    }
  }
}

// Objects.
extension DocumentBodies {
  /// What the members of an object, or of a list of keys and values, are.
  private struct Members {
    var names = Origin<[UInt8]>()
    /// By a log's path: counts where nothing else says who wrote the line.
    var pathNames = Origin<[UInt8]>()
    var fields = 0
    var hasStart = false
    var hasTime = false
    var isZtunnel = false
    /// A caller, and a direction: together a ztunnel's line whose keys a shipper changed.
    var hasCaller = false
    var hasDirection = false
    var isMerged = false
    var texts: [Int] = []
    /// Names of columns, and the rows that have values for them.
    var columns: Int?
    var rows: Int?
    var bodyContainers: [Int] = []
    var containers: [(node: Int, isRow: Bool)] = []
    var isEnvoyNode = false
    /// What a Kubernetes object, or a list of such, calls itself.
    var kind: Int?
    var hasMetadata = false
  }

  private mutating func visitObject(
    _ index: Int, _ text: Span<UInt8>, _ named: Int, _ key: EnvelopeKeys.Words?
  ) {
    var members = Members()
    tape.children(of: index) { child, node in
      Self.take(text.extracting(node.key), child, node, tape, text, key, &members)
    }
    let named = name(members, below: named)
    let outerKind = itemKind
    if let kind = members.kind {
      itemKind = KubernetesReader.kind(ofList: text.extracting(tape.nodes[kind].range)) ?? itemKind
    }
    defer { itemKind = outerKind }
    guard tape.nodes[index].isClosed else { return visitOpen(members, text, named) }
    if members.isZtunnel || members.hasCaller && members.hasDirection {
      bodies.append(Body(form: .ztunnel, node: index, names: named))
      return
    }
    if members.fields >= Self.enoughFields, members.hasStart || members.hasTime && members.texts.isEmpty {
      bodies.append(Body(form: .object, node: index, names: named, isMerged: members.isMerged))
      return
    }
    if members.hasMetadata, let kind = self.kind(members, text) {
      objects.append((index, kind))
      return
    }
    descend(members, index, text, named)
  }

  /// What kind of Kubernetes object it is; nil where it is none.
  private func kind(_ members: Members, _ text: Span<UInt8>) -> KubernetesObject.Kind? {
    guard let own = members.kind else { return itemKind }
    return KubernetesReader.kind(text.extracting(tape.nodes[own].range))
  }

  /// Of an object that is not closed only what is still open is looked into, for finished elements of arrays.
  private mutating func visitOpen(_ members: Members, _ text: Span<UInt8>, _ named: Int) {
    for (container, isRow) in members.containers + members.bodyContainers.map({ ($0, true) })
    where !tape.nodes[container].isClosed {
      visit(container, text, named, key: nil, isRow: isRow)
    }
  }

  private mutating func descend(_ members: Members, _ index: Int, _ text: Span<UInt8>, _ named: Int) {
    let before = bodies.count
    if let columns = members.columns, let rows = members.rows {
      visitRows(rows, Self.columnNames(columns, tape, text), text, named)
      if bodies.count > before { return }
    }
    for candidate in members.texts where mayBeBody(tape.nodes[candidate], text) {
      // Beside fields of its own an object's text counts where it is more of a line than they are.
      let range = tape.nodes[candidate].range
      let inside = text.extracting(range)
      guard
        members.fields < Self.enoughFields || AccessLogText.isLine(inside) || own?.isWithin(inside) ?? false
      else { continue }
      add(text: candidate, text, named)
      if bodies.count > before { return }
    }
    for container in members.bodyContainers {
      let key = EnvelopeKeys.Words(text.extracting(tape.nodes[container].key))
      visit(container, text, named, key: key, isRow: true)
    }
    if bodies.count > before { return }
    if members.fields >= Self.enoughFields {
      bodies.append(Body(form: .object, node: index, names: named, isMerged: members.isMerged))
      return
    }
    for (container, isRow) in members.containers {
      let key = EnvelopeKeys.Words(text.extracting(tape.nodes[container].key))
      visit(container, text, named, key: key, isRow: isRow)
    }
  }

  private static func take(
    _ name: Span<UInt8>, _ child: Int, _ node: JSONTape.Node, _ tape: JSONTape, _ text: Span<UInt8>,
    _ parent: EnvelopeKeys.Words?, _ members: inout Members
  ) {
    if let field = FieldNames.field(forKey: name), !FieldNames.isIdentity(field) || field == .logTime,
      !node.isContainer
    {
      members.fields += field == .logTime ? 0 : 1
      if field == .startTime { members.hasStart = true }
      if field == .logTime { members.hasTime = true }
      return
    }
    takeConnection(name, child, node, tape, text, &members)
    if node.kind == .string, name.isEqual(to: "kind") { members.kind = child }
    if node.kind == .object, name.isEqual(to: "metadata") { members.hasMetadata = true }
    let meaning = EnvelopeKeys.meaning(name, in: parent)
    if node.kind == .array {
      if name.isEqual(to: "columns") { members.columns = child }
      if name.isEqual(to: "rows") { members.rows = child }
    }
    guard node.isContainer else {
      takeScalar(meaning, node, text, child, &members)
      return
    }
    if meaning == .body {
      members.bodyContainers.append(child)
    } else {
      members.containers.append((child, meaning == .rows))
    }
    guard let meaning else { return }
    takeNames(meaning, child, node, tape, text, &members, depth: 0)
  }

  private static func takeConnection(
    _ name: Span<UInt8>, _ child: Int, _ node: JSONTape.Node, _ tape: JSONTape, _ text: Span<UInt8>,
    _ members: inout Members
  ) {
    if name.isEqual(to: "src.addr") { members.isZtunnel = true }
    if name.isEqual(to: "direction") { members.hasDirection = true }
    if name.isEqual(to: "src_addr") { members.hasCaller = true }
    guard node.kind == .object, name.isEqual(to: "src") else { return }
    members.hasCaller =
      members.hasCaller || tape.child(of: child) { text.extracting($0.key).isEqual(to: "addr") } != nil
  }

  private static func takeScalar(
    _ meaning: EnvelopeKeys.Meaning?, _ node: JSONTape.Node, _ text: Span<UInt8>, _ child: Int,
    _ members: inout Members
  ) {
    guard let meaning, node.isString else { return }
    switch meaning {
    case .body: members.texts.append(child)
    case .name(let field): members.names.take(field, value(node, text))
    case .path: members.pathNames.fill(from: PathNames.names(in: value(node, text)))
    case .node:
      members.names.takeNode(value(node, text))
      members.isEnvoyNode = true
    case .tags:
      for tag in value(node, text).split(separator: UInt8(ascii: ",")) { takeTag(Array(tag), &members) }
    default: break
    }
  }

  /// Names that stand in an object (or a list) beside the body, up to four levels down.
  private static func takeNames(
    _ meaning: EnvelopeKeys.Meaning, _ index: Int, _ node: JSONTape.Node, _ tape: JSONTape,
    _ text: Span<UInt8>, _ members: inout Members, depth: Int
  ) {
    switch meaning {
    case .name(let field):
      let child = tape.child(of: index) { $0.isString && text.extracting($0.key).isEqual(to: "name") }
      if let child { members.names.take(field, value(tape.nodes[child], text)) }
    case .tags:
      tape.children(of: index) { _, tag in if tag.isString { takeTag(value(tag, text), &members) } }
    case .names where depth < 4:
      if node.kind == .object { members.isMerged = true }
      eachMember(of: index, tape, text) { key, child, node, isPair in
        // Envoy's OpenTelemetry resource: the proxy's own service.
        if isPair, key.isEqual(to: "cluster_name") { return }
        guard let meaning = EnvelopeKeys.meaning(key) else { return }
        if node.isContainer {
          takeNames(meaning, child, node, tape, text, &members, depth: depth + 1)
        } else if meaning != .body {
          takeScalar(meaning, node, text, child, &members)
        }
      }
    default: break
    }
  }

  /// `pod_name:sleep-x`, as Datadog has it.
  private static func takeTag(_ tag: [UInt8], _ members: inout Members) {
    guard let colon = tag.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      case .name(let field)? = EnvelopeKeys.meaning(tag.span.extracting(0..<colon))
    else { return }
    members.names.take(field, Array(tag[(colon + 1)...]))
  }

  /// The names that hold for an object's content: an index into `names`.
  private mutating func name(_ members: Members, below named: Int) -> Int {
    var found = members.names
    if named >= 0 { found.fill(from: names[named]) }
    if found.pod.isEmpty { found.fill(from: members.pathNames) }
    guard !found.isEmpty else { return named }
    if named >= 0, names[named] == found { return named }
    if let last = names.last, last == found { return names.count - 1 }
    names.append(found)
    return names.count - 1
  }
}

// Tables: Azure's Log Analytics, Elasticsearch SQL.
extension DocumentBodies {
  /// `[{"name":"PodName"}, …]`, or strings.
  private static func columnNames(_ index: Int, _ tape: JSONTape, _ text: Span<UInt8>) -> [[UInt8]] {
    var names: [[UInt8]] = []
    tape.children(of: index) { child, node in
      let name = node.isString ? child : tape.child(of: child) { text.extracting($0.key).isEqual(to: "name") }
      if let name { names.append(value(tape.nodes[name], text)) } else { names.append([]) }
    }
    return names
  }

  private mutating func visitRows(_ rows: Int, _ columns: [[UInt8]], _ text: Span<UInt8>, _ named: Int) {
    let tape = tape
    let outer = recordStart
    tape.children(of: rows) { row, node in
      guard node.kind == .array, node.isClosed else { return }
      recordStart = bodies.count
      var members = Members()
      var column = 0
      tape.children(of: row) { child, cell in
        if column < columns.count {
          let name = columns[column]
          Self.take(name.span, child, cell, tape, text, nil, &members)
        }
        column += 1
      }
      let named = name(members, below: named)
      for candidate in members.texts where mayBeBody(tape.nodes[candidate], text) {
        add(text: candidate, text, named)
        if bodies.count > recordStart { return }
      }
    }
    recordStart = outer
  }
}

// Arrays, lists of keys and values, and strings.
extension DocumentBodies {
  private mutating func visitArray(_ index: Int, _ text: Span<UInt8>, _ named: Int, isRow: Bool) {
    if Self.isPairs(index, tape, text) { return visitPairs(index, text, named) }
    let outer = recordStart
    var child = index + 1
    let end = tape.end(of: index)
    while child < end {
      let node = tape.nodes[child]
      if node.isContainer {
        recordStart = bodies.count
        visit(child, text, named, key: nil, isRow: isRow)
      } else if isRow, mayBeBody(node, text) {
        add(text: child, text, named)
      }
      child = tape.end(of: child)
    }
    recordStart = outer
  }

  private mutating func visitPairs(_ index: Int, _ text: Span<UInt8>, _ named: Int) {
    var members = Members()
    Self.eachMember(of: index, tape, text) { key, child, node, _ in
      Self.take(key, child, node, tape, text, nil, &members)
    }
    guard tape.nodes[index].isClosed else { return }
    let named = name(members, below: named)
    let before = bodies.count
    for candidate in members.texts where mayBeBody(tape.nodes[candidate], text) {
      add(text: candidate, text, named)
      if bodies.count > before { return }
    }
    for container in members.bodyContainers { visit(container, text, named, key: nil, isRow: true) }
    if bodies.count == before, members.fields >= Self.enoughFields {
      bodies.append(Body(form: .pairs, node: index, names: named))
    }
  }

  /// Adds a string, unless the record has the same text already: `message` and `event.original` are one line.
  private mutating func add(text index: Int, _ text: Span<UInt8>, _ named: Int) {
    let node = tape.nodes[index]
    for body in bodies[min(recordStart, bodies.count)...] where body.form == .text {
      if text.extracting(tape.nodes[body.node].range).isEqual(to: text.extracting(node.range)) { return }
    }
    bodies.append(Body(form: .text, node: index, names: named))
  }

  /// Whether a string is long enough to hold a line; whether it does is seen when it is decoded.
  private func mayBeBody(_ node: JSONTape.Node, _ text: Span<UInt8>) -> Bool {
    guard node.isString, node.end - node.start > 1 else { return false }
    let inside = text.extracting(node.range)
    return AccessLogText.mayBegin(inside) || own?.isWithin(inside) ?? false
  }

  private static func value(_ node: JSONTape.Node, _ text: Span<UInt8>) -> [UInt8] {
    var value: [UInt8] = []
    guard node.range.count <= 4 * Limits.nameBytes else { return value }
    if node.kind == .escapedString {
      JSONString.unescape(text, node.range, into: &value)
    } else {
      value.append(text, node.range)
    }
    return value
  }

  /// `[{"key":"method","value":{"stringValue":"GET"}}, …]`, and CloudWatch's `field` and `value`.
  private static func isPairs(_ index: Int, _ tape: JSONTape, _ text: Span<UInt8>) -> Bool {
    guard index + 1 < tape.end(of: index), tape.nodes[index + 1].kind == .object else { return false }
    return pair(index + 1, tape, text) != nil
  }

  /// The key and the value's node.
  private static func pair(_ index: Int, _ tape: JSONTape, _ text: Span<UInt8>) -> (key: Int, value: Int)? {
    let key = tape.child(of: index) {
      guard $0.isString else { return false }
      let name = text.extracting($0.key)
      return name.isEqual(to: "key") || name.isEqual(to: "field") || name.isEqual(to: "name")
    }
    guard let key else { return nil }
    let value = tape.child(of: index) { text.extracting($0.key).isEqual(to: "value") }
    return value.map { (key, $0) }
  }

  /// The members of an object, or of a list of keys and values, whose typed values (`{"stringValue":…}`) are unwrapped.
  static func eachMember(
    of index: Int, _ tape: JSONTape, _ text: Span<UInt8>,
    _ body: (Span<UInt8>, Int, JSONTape.Node, _ isPair: Bool) -> Void
  ) {
    if tape.nodes[index].kind == .object {
      tape.children(of: index) { child, node in body(text.extracting(node.key), child, node, false) }
      return
    }
    tape.children(of: index) { element, node in
      guard node.kind == .object, let (key, value) = pair(element, tape, text) else { return }
      var inner = value
      if tape.nodes[value].kind == .object, value + 1 < tape.end(of: value) { inner = value + 1 }
      body(text.extracting(tape.nodes[key].range), inner, tape.nodes[inner], true)
    }
  }
}
