/// Names of the user's own for the fields: `--field-map name=key,…`, or those of a JSON format string.
///
/// `method=http.verb,path=url` says that the key `http.verb` holds the method. Asked before `FieldNames`, and for
/// keys that it does not hold, `FieldNames` counts. A key stands for one field; a field may have several keys.
package struct FieldMap: Sendable, Equatable {
  private(set) var entries: [Entry] = []
  /// How the start's values are written, where the map came from a format that says it.
  var startTimeForm: TimestampForm?

  struct Entry: Sendable, Equatable {
    var key: [UInt8]
    var field: Field
  }

  /// Names nothing yet.
  init() {}

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

  /// The field that a key stands for, or nil where this map does not say.
  package func field(forKey key: Span<UInt8>) -> Field? {
    for entry in entries where entry.key.span.isEqual(to: key) { return entry.field }
    return nil
  }

  mutating func add(_ key: [UInt8], _ field: Field) throws(FieldMapError) {
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
