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
      "\"\(name.prefix(40))\" is no field; known are \(FieldNames.all.filter { $0.0 != .logTime }.compactMap(\.1.first).joined(separator: ", "))"
    case .keyTwice(let key): "the key \"\(key.prefix(40))\" stands for two fields"
    }
  }
}
