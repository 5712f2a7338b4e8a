/// How much of the silences a report wants to see.
package enum SilenceLimits {
  /// Silences per source.
  package static let perSource = 3
  /// Microseconds; Envoy's own buffering makes shorter ones.
  package static let minimumMicroseconds: Int64 = 10_000_000
}
