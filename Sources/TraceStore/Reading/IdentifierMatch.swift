/// A hop that has a request or trace id.
package struct IdentifierMatch: Sendable, Equatable {
  package var hop: Int64
  /// The whole id, as it was logged.
  package var identifier: String
}
