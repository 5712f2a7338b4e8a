/// What became of a batch's rows.
package struct AppendResult: Sendable, Equatable {
  /// Counts of one source, by the parser's index of it.
  package struct Count: Sendable, Equatable {
    package var source: Int32
    package var stored: Int
    package var duplicate: Int
  }
  /// Sources that the batch had rows of, in the order of their indices.
  package var sources: [Count] = []
  package var stored = 0
  package var duplicate = 0
  /// Keys that were taken by another hop and passed over.
  package var collisions = 0
}
