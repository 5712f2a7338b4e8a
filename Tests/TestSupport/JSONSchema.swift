/// Holds JSON to a schema: the part of JSON Schema 2020-12 that docs/schemas uses.
///
/// `type`, `properties`, `required`, `items`, `enum`, `const`, `minimum`, `maximum`, `minItems`, `$ref` to
/// `#/$defs/NAME`, and words for people. Any other keyword is an error, so that a schema cannot ask for something that
/// nobody checks. Readers must expect more members than a schema names, but a test does not: what is not named is
/// reported, so that no member goes undocumented.
package struct JSONSchema: Sendable {
  private let root: JSONValue

  private static let words: Set<String> = ["$schema", "$id", "$defs", "title", "description"]

  package init(_ root: JSONValue) { self.root = root }

  /// What is wrong with a value, with its place; empty where nothing is.
  package func problems(with value: JSONValue) -> [String] { check(value, root, "$") }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
    guard case .object(let rules) = schema else { return ["\(place): the schema is no object"] }
    return rules.keys.sorted().flatMap { keyword -> [String] in
      guard let rule = rules[keyword], !JSONSchema.words.contains(keyword) else { return [] }
      return check(value, keyword, rule, rules, place)
    }
  }

  private func check(
    _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ rules: [String: JSONValue], _ place: String
  ) -> [String] {
    switch keyword {
    case "$ref": return referenced(rule).map { check(value, $0, place) } ?? ["\(place): \(rule) is not there"]
    case "type": return JSONSchema.matches(value, rule) ? [] : ["\(place): \(value) is not \(rule)"]
    case "const": return value == rule ? [] : ["\(place): \(value) is not \(rule)"]
    case "enum": return rule.array?.contains(value) == true ? [] : ["\(place): \(value) is none of \(rule)"]
    case "minimum": return bounded(value, place) { $0 >= rule.number ?? .infinity }
    case "maximum": return bounded(value, place) { $0 <= rule.number ?? -.infinity }
    case "minItems": return (value.array?.count ?? .max) >= rule.integer ?? 0 ? [] : ["\(place): too few"]
    case "items":
      return (value.array ?? []).enumerated().flatMap { check($0.element, rule, "\(place)[\($0.offset)]") }
    case "required":
      guard case .object(let members) = value else { return [] }
      let missing = (rule.array ?? []).compactMap(\.string).filter { members[$0] == nil }
      return missing.map { "\(place): no \($0)" }
    case "properties":
      guard case .object(let members) = value, case .object(let known) = rule else { return [] }
      return members.keys.sorted().flatMap { key -> [String] in
        guard let member = members[key], let schema = known[key] else {
          return ["\(place): \(key) is not named"]
        }
        return check(member, schema, "\(place).\(key)")
      }
    default: return ["\(place): the keyword \(keyword) is not known to this checker"]
    }
  }

  private func bounded(_ value: JSONValue, _ place: String, _ fits: (Double) -> Bool) -> [String] {
    value.number.map(fits) ?? true ? [] : ["\(place): \(value) is out of bounds"]
  }

  private func referenced(_ rule: JSONValue) -> JSONValue? {
    guard let name = rule.string, name.hasPrefix("#/$defs/") else { return nil }
    return root["$defs"]?[String(name.dropFirst("#/$defs/".count))]
  }

  private static func matches(_ value: JSONValue, _ rule: JSONValue) -> Bool {
    if let types = rule.array { return types.contains { matches(value, $0) } }
    switch (rule.string, value) {
    case ("null", .null), ("boolean", .boolean), ("integer", .integer), ("number", .integer),
      ("number", .number), ("string", .string), ("array", .array), ("object", .object):
      return true
    default: return false
    }
  }
}
