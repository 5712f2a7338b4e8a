/// Correlation: beyond these a store is cut into more units.
package enum CorrelationLimits {
  /// Hops in a unit at most, unless the smallest has more. A late line is worth the time of a unit, and correlation
  /// takes some hundred bytes for each hop; larger units spend less on what lies around them, and tell more where
  /// times and bytes must tell what ids do not.
  package static let pieceHops: Int64 = 1 << 16
  /// Microseconds (a year and 42 days): a longer duration is taken for this. Of a unit's durations and ends sums are made,
  /// which must not overflow whatever a line says.
  package static let longestDuration: Int64 = 1 << 45
  /// Microseconds around a unit whose hops are looked at, too: a request and its server hop, or the calls that it
  /// made, begin within this time of each other. (Connections that live longer are found in any case.)
  package static let margin: Int64 = 15_000_000
  /// Hops on either side of a unit that are looked at at most: where more begin within the margin it is narrower.
  package static let marginHops: Int64 = 1 << 15
  /// Connections and requests of 15 s and more that are looked at because they were open when a unit began, at most: the
  /// latest.
  package static let longHops = 1 << 15
  /// Steps of matching inside an app for each request and call of a workload, a step being one event of a request whose
  /// likelihood is asked for (some 30 ns): twice what the busiest log set with truth takes. Of a workload that needs more,
  /// because hundreds of requests are open at once and nothing is passed on, calls are left undecided, which is said.
  package static let appSteps = 4_096
  /// Steps of matching inside apps that a whole unit of time has beside `appSteps`, shared by its workloads. Small workloads
  /// need more for each of their calls.
  package static let appStepsOfPiece = 1 << 22
  /// Steps of estimating clocks from times and contents alone, for each hop of a unit and for all together, a step being a
  /// pair of requests or a bin of a histogram (some 10 ns). Beyond them mesh clusters whose clocks are not known yet are not
  /// compared, and what they would tell is left undecided.
  package static let clockSteps = 4_096
  package static let clockStepsOfPiece = 1 << 26
  /// Requests of a pod that a call is compared with at most, the latest first, to see whether they were open then.
  package static let openRequests = 4_096
  /// Requests of a pod with one id that a call with this id is compared with, the latest first.
  package static let requestsOfID = 256
  /// Connections of proxies that are compared with those of clients by bytes and times: so many for each of the latter on
  /// average, and for all together; where more were open at once each is compared with the latest of them.
  package static let carriersOfConnection = 48
  package static let carrierPairs = 1 << 17
  /// Mesh clusters whose servers are looked at, where no id and no address tells, for the calls of one: those with most
  /// requests of the services that it calls. Of others such links are left undecided.
  package static let partnerClusters = 8
}
