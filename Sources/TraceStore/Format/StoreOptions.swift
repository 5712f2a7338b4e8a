internal import AccessLog

// TraceStore: one SQLite file, its schema, its writer and its readers.
//
// The only room that knows SQL's side of things: it takes batches of hops from AccessLog and links from
// Correlation, and gives back values with every name resolved. The statements of reports live in Queries/, as
// files that a person can run. What a hop means is AccessLog's, what belongs together is Correlation's, how it
// looks is MeshweftKit's.
//
// GRDB opens, configures and closes connections and runs what is not hot; `RawStatement` is the C API for rows
// by the million.

/// What a caller may choose about a store; the defaults are for everyday use.
package struct StoreOptions: Sendable {
  /// Seconds that a connection waits for another writer before `StoreError.busy`.
  package var busySeconds: Double = StoreLimits.busySeconds
  /// Seconds that a writer waits once it has committed something, as it has more to lose by giving up; nil: `busySeconds`.
  package var busySecondsAtWork: Double?
  /// Whether statements end when the process is asked to, see `StoreInterruption`.
  package var isInterruptible = true
  /// Which bits of a text's hash are used. For tests, which force collisions with 0.
  package var textHashMask: UInt64 = .max

  package init() {}
}
