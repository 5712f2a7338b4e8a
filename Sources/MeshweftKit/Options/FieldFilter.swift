internal import TraceStore

/// The text that a hop has in a field.
public struct FieldFilter: Sendable, Equatable {
  let name: String
  let value: String

  /// Reads `grpc_status=14`. Throws `UsageError` for a name that is not stored as text, and for anything else.
  public init(_ text: String) throws {
    guard let equals = text.firstIndex(of: "=") else {
      throw UsageError("--field takes NAME=VALUE (grpc_status=14), not \(Shown.text(text, limit: 40))")
    }
    name = String(text[..<equals])
    value = String(text[text.index(after: equals)...])
    guard HopFilter.fieldNames.contains(name) else {
      throw UsageError(
        "--field: no field is called \(Shown.text(name, limit: 40)). It can be one of: "
          + HopFilter.fieldNames.sorted().joined(separator: ", "))
    }
  }
}
