/// Why an id does not name one trace.
public enum TraceLookupError: Error, Sendable, CustomStringConvertible {
  case notFound(id: String)
  case tooShort(id: String)
  /// Some of the ids that begin with what was given.
  case ambiguous(id: String, candidates: [String])

  /// What to do instead.
  public var description: String {
    switch self {
    case .notFound(let id):
      "no hop has the request or trace id \(Shown.text(id, limit: 80)). `meshweft sources` shows what was ingested."
    case .tooShort(let id):
      "\(Shown.text(id, limit: 80)) is too short: give a whole id, or its first 8 characters or more."
    case .ambiguous(let id, let candidates):
      "\(Shown.text(id, limit: 80)) is the beginning of several ids: "
        + candidates.map { Shown.text($0, limit: 80) }.joined(separator: ", ")
    }
  }
}
