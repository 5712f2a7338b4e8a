/// Which response codes a listing shows.
public struct StatusFilter: Sendable, Equatable {
  /// `404`; nil for a class.
  let code: Int64?
  /// Of `5xx` the 5; nil for one code.
  let hundreds: Int64?

  /// Reads `404` or `5xx`. Throws `UsageError` for anything else.
  public init(_ text: String) throws {
    if let code = Int64(text) {
      (self.code, hundreds) = (code, nil)
    } else if text.lowercased().hasSuffix("xx"), text.count == 3, let hundreds = text.first?.wholeNumberValue
    {
      (code, self.hundreds) = (nil, Int64(hundreds))
    } else {
      throw UsageError("--status takes a code (404) or a class (5xx), not \(Shown.text(text, limit: 40))")
    }
  }
}
