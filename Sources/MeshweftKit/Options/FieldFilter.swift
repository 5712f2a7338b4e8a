internal import TraceStore

/// `--field`: the text that a hop has in a field.
enum FieldFilter {
  /// The name and the value of `grpc_status=14`. Throws `UsageError` for a name that is not stored as text, and for anything else.
  static func parse(_ text: String) throws -> (name: String, value: String) {
    guard let equals = text.firstIndex(of: "=") else {
      throw UsageError("--field takes NAME=VALUE (grpc_status=14), not \(Shown.text(text, limit: 40))")
    }
    let name = String(text[..<equals])
    guard HopFilter.fieldNames.contains(name) else {
      throw UsageError(
        "--field: no field is called \(Shown.text(name, limit: 40)). It can be one of: "
          + HopFilter.fieldNames.sorted().joined(separator: ", "))
    }
    return (name, String(text[text.index(after: equals)...]))
  }
}
