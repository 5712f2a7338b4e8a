/// Rollups added up over spans of time. A span that is beyond them is not added up, and reports read what is finer.
package enum SpanLimits {
  /// Bytes that its rows take in memory while it is added up.
  package static let bytes = 1 << 22
  /// Connections that are kept of five minutes, eight bytes each.
  package static let connections = 1 << 16
  /// Rows that are added up to one at least, on average: fewer save a report little, and cost the store the same.
  package static let rowsPerRow = 2
  /// Spans of a width that an ingest adds up at most, the newest first: a day of five minutes, where a store of an older
  /// schema has years of them. `meshweft correlate` does all.
  package static let perIngest = 288
}
