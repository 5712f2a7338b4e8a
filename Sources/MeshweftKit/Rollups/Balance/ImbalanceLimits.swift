/// What counts as uneven.
enum ImbalanceLimits {
  /// The busiest host has a quarter more than the mean.
  static let maxOverMean = 1.25
  /// Standard deviations of the normal distribution that one in a thousand exceeds.
  static let significance = 3.09
  /// Connections per host below which their number alone makes shares uneven.
  static let fewConnectionsPerHost = 4.0
  /// Share of the time that passed before a late host's first request.
  static let lateShare = 0.2
  /// Share of a host's requests that come over one proxy, where proxies have hosts of their own.
  static let ownProxyShare = 0.8
  /// Pairs of client and host that a report names.
  static let drivers = 10
}
