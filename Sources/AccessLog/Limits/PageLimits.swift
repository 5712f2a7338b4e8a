/// What one page of `report` holds at most, so that it opens in a moment whatever the mesh's size. What is left out is the part
/// with the fewest requests, and the page says how much that is.
package enum PageLimits {
  /// Paths with figures of their own.
  package static let paths = 1000
  /// Services with a verdict, and hosts listed of each.
  package static let services = 120
  package static let hostsPerService = 60
  /// Clients per service in the table of who calls which host.
  package static let clientsPerService = 16
  /// Pieces that time is cut into.
  package static let buckets = 96
  /// Minutes with anything in them, and hops, up to which load is shown by the second.
  package static let minutesBySecond = 30
  package static let hopsBySecond = 300_000
  /// Stretches of time with a gap between them.
  package static let stretches = 12
  /// Numbers in all histograms together; beyond it durations keep two digits instead of three.
  package static let histogramNumbers = 120_000
  /// Traces of each kind: the slowest, the failed.
  package static let traces = 50
  /// Requests shown of one trace.
  package static let hopsPerTrace = 150
  /// Conclusions, the worst first.
  package static let findings = 60
  /// Logs that are listed.
  package static let sources = 1000
  /// Characters of a path, an agent or any other text that a client chose.
  package static let textCharacters = 400
}
