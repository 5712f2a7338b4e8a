/// Names of the user's own for the fields: `--field-map name=key,…`, or those of a JSON format string.
///
/// `method=http.verb,path=url` says that the key `http.verb` holds the method. Asked before `FieldNames`, and for
/// keys that it does not hold, `FieldNames` counts. A key stands for one field; a field may have several keys.
package struct FieldMap: Sendable, Equatable {
  private(set) var entries: [Entry] = []
  /// How the start's values are written, where the map came from a format that says it.
  private(set) var startTimeForm: TimestampForm?

  struct Entry: Sendable, Equatable {
    var key: [UInt8]
    var field: Field
  }

  /// Reads `name=key,name=key`; names are those of `FieldNames` (Istio's, such as `response_code`).
  package init(_ text: String) throws(FieldMapError) {
    var pairs: [(name: String, key: String)] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: true) {
      guard let equals = part.firstIndex(of: "=") else { throw .noEqualsSign(String(part)) }
      pairs.append((Self.trimmed(part[..<equals]), Self.trimmed(part[part.index(after: equals)...])))
    }
    try self.init(pairs: pairs)
  }

  /// Takes fields' names and the keys that hold them; of a name there may be several.
  package init(pairs: [(name: String, key: String)]) throws(FieldMapError) {
    for (name, key) in pairs {
      guard !key.isEmpty else { throw .noKey(name) }
      guard let field = FieldNames.field(named: name) else { throw .unknownName(name) }
      try add(Array(key.utf8), field)
    }
    guard !entries.isEmpty else { throw .empty }
  }

  /// Takes the keys of a JSON format string: of `{"verb":"%REQ(:METHOD)%"}` that `verb` is the method.
  ///
  /// Such a template is also a `TextFormat`; the map is for the lines that are valid JSON, in any key order. Operators may
  /// stand without quotes (`"code":%RESPONSE_CODE%`), as a text template has them for numbers. Nil where the format is no
  /// JSON object or names no field.
  package init?(jsonFormat: String) {
    var template = JSONTemplate(jsonFormat)
    while let (key, value) = template.next() {
      guard let format = try? TextFormat(value), format.head.isEmpty, format.steps.count == 1,
        format.steps[0].literal.isEmpty, let field = format.fields.first
      else { continue }
      try? add(key, field)
      if field == .startTime, startTimeForm == nil { startTimeForm = format.startTimeForm }
    }
    guard template.isObject, !entries.isEmpty else { return nil }
  }

  /// The field that a key stands for, or nil where this map does not say.
  package func field(forKey key: Span<UInt8>) -> Field? {
    for entry in entries where entry.key.span.isEqual(to: key) { return entry.field }
    return nil
  }

  private mutating func add(_ key: [UInt8], _ field: Field) throws(FieldMapError) {
    if let known = entries.first(where: { $0.key == key }) {
      guard known.field == field else { throw .keyTwice(String(decoding: key, as: UTF8.self)) }
      return
    }
    entries.append(Entry(key: key, field: field))
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Why a field map cannot be read.
package enum FieldMapError: Error, Equatable, CustomStringConvertible {
  case empty
  case noEqualsSign(String)
  case noKey(String)
  case unknownName(String)
  /// One key for two fields.
  case keyTwice(String)

  package var description: String {
    switch self {
    case .empty: "the field map is empty; write name=key,name=key"
    case .noEqualsSign(let part): "\"\(part.prefix(40))\" has no =; write name=key"
    case .noKey(let name): "\"\(name.prefix(40))=\" names no key"
    case .unknownName(let name):
      "\"\(name.prefix(40))\" is no field; known are \(FieldNames.names.filter { $0.0 != .logTime }.compactMap(\.1.first).joined(separator: ", "))"
    case .keyTwice(let key): "the key \"\(key.prefix(40))\" stands for two fields"
    }
  }
}
