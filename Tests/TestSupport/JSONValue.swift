internal import Foundation

/// A JSON value as Foundation reads it: an oracle for what the product writes.
package enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Throws: Foundation's error where the bytes are not one JSON value in valid UTF-8.
  package init(parsing bytes: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(Decoded.self, from: Data(bytes)).value
  }

  /// The values of NDJSON.
  package static func lines(_ bytes: some Collection<UInt8>) throws -> [JSONValue] {
    try bytes.split(separator: 0x0A).map { try JSONValue(parsing: $0) }
  }

  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  package var isNull: Bool { self == .null }

  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}

/// Foundation's decoder, made to give any value.
private struct Decoded: Decodable {
  var value: JSONValue

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      value = .null
    } else if let text = try? container.decode(String.self) {
      value = .string(text)
    } else if let integer = try? container.decode(Int64.self) {
      value = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      value = .number(number)
    } else if let flag = try? container.decode(Bool.self) {
      value = .boolean(flag)
    } else if let values = try? container.decode([Decoded].self) {
      value = .array(values.map(\.value))
    } else {
      value = .object(try container.decode([String: Decoded].self).mapValues(\.value))
    }
  }
}
