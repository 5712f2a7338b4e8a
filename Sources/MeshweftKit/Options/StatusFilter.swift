/// `--status`: a response code, or a class of them.
enum StatusFilter {
  /// The code of `404`, or the hundreds of `5xx`. Throws `UsageError` for anything else.
  static func parse(_ text: String) throws -> (code: Int64?, hundreds: Int64?) {
    if let code = Int64(text) { return (code, nil) }
    if text.lowercased().hasSuffix("xx"), text.count == 3, let hundreds = text.first?.wholeNumberValue {
      return (nil, Int64(hundreds))
    }
    throw UsageError("--status takes a code (404) or a class (5xx), not \(Shown.text(text, limit: 40))")
  }
}
