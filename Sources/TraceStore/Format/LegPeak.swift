/// How many requests were in flight at once at most.
package struct LegPeak: Sendable {
  package enum Series: Int64, Sendable, CaseIterable {
    case host = 1
    case service = 2
    case source = 3
    case proxy = 4
  }

  /// Start of the unit, microseconds since the epoch.
  package var bucket: Int64
  package var series: Series
  package var serviceHost: Int64
  package var servicePort: Int64
  /// The host's address, or the client's or proxy's `source.id`; 0 for a service.
  package var key: Int64
  /// `source.id` of the pod that had a host's address; 0 where not known, and in other series.
  package var hostSource: Int64
  package var inFlight: Int64

  package init(
    bucket: Int64, series: Series, serviceHost: Int64, servicePort: Int64, key: Int64,
    hostSource: Int64 = 0, inFlight: Int64
  ) {
    self.hostSource = hostSource
    self.bucket = bucket
    self.series = series
    self.serviceHost = serviceHost
    self.servicePort = servicePort
    self.key = key
    self.inFlight = inFlight
  }
}
