/// Why a format string cannot be read.
package enum TextFormatError: Error, Equatable, CustomStringConvertible {
  /// A `%` that no second `%` closes; the text from there on.
  case unclosedOperator(String)
  /// Two operators with nothing between them: where one value ends cannot be told.
  case adjacentOperators(String)
  /// No operator that meshweft has a field for.
  case noFields
  case tooManyOperators(Int)
  /// A START_TIME argument with a conversion that meshweft cannot read back.
  case timeFormat(String)

  package var description: String {
    switch self {
    case .unclosedOperator(let text): "no % closes the operator at \"\(text.prefix(40))\""
    case .adjacentOperators(let name): "put something between %\(name.prefix(40))% and the operator before it"
    case .noFields: "the format has no operator that meshweft reads (such as %START_TIME%)"
    case .tooManyOperators(let count): "\(count) operators; at most \(TextFormat.maximumValues) can be read"
    case .timeFormat(let text): "cannot read back the time format \"\(text.prefix(40))\""
    }
  }
}
