/// What was taken out of a damaged store's table.
package struct SalvagedTable: Sendable, Equatable {
  package var name: String
  /// Rows in the new store.
  package var rows = 0
  /// Rows that could be read, and were not what they must be.
  package var refused = 0
  /// Stretches of the table that could not be read; how many rows were there, nobody knows.
  package var gaps = 0
}
