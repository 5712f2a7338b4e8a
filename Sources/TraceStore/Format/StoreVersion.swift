internal import AccessLog

/// What a database's header says of it (https://www.sqlite.org/fileformat2.html#the_database_header).
enum StoreVersion {
  /// `PRAGMA application_id`: "MWft". `file` and meshweft itself know a store by it.
  static let applicationID: UInt32 = 0x4D57_6674

  /// `PRAGMA user_version` of a database that this code reads and writes: that of the last of `Schema.steps`.
  static let current = max(10, AttributeText.all.map(\.since).max() ?? 0)

  /// The oldest version that the steps lead on from.
  static let oldest = 2
}
