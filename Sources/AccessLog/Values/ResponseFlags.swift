/// Envoy's response flags as a set: their order differs from hop to hop and means nothing.
///
/// Source: Envoy `source/common/stream_info/utility.h` (short and long names). The bit positions are stored in
/// databases: new flags go to the end.
package struct ResponseFlags: OptionSet, Sendable, Hashable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Short name (`%RESPONSE_FLAGS%`), long name (`%RESPONSE_FLAGS_LONG%`), in the order of their bits.
  package static let names: [(short: StaticString, long: StaticString)] = [
    ("UH", "NoHealthyUpstream"), ("UF", "UpstreamConnectionFailure"), ("UO", "UpstreamOverflow"),
    ("NR", "NoRouteFound"), ("URX", "UpstreamRetryLimitExceeded"), ("NC", "NoClusterFound"),
    ("DT", "DurationTimeout"), ("DC", "DownstreamConnectionTermination"), ("LH", "FailedLocalHealthCheck"),
    ("UT", "UpstreamRequestTimeout"), ("LR", "LocalReset"), ("UR", "UpstreamRemoteReset"),
    ("UC", "UpstreamConnectionTermination"), ("DI", "DelayInjected"), ("FI", "FaultInjected"),
    ("RL", "RateLimited"), ("UAEX", "UnauthorizedExternalService"), ("RLSE", "RateLimitServiceError"),
    ("IH", "InvalidEnvoyRequestHeaders"), ("SI", "StreamIdleTimeout"), ("DPE", "DownstreamProtocolError"),
    ("UPE", "UpstreamProtocolError"), ("UMSDR", "UpstreamMaxStreamDurationReached"),
    ("RFCF", "ResponseFromCacheFilter"), ("NFCF", "NoFilterConfigFound"), ("OM", "OverloadManagerTerminated"),
    ("DF", "DnsResolutionFailed"), ("DO", "DropOverload"), ("DR", "DownstreamRemoteReset"),
    ("UDO", "UnconditionalDropOverload"),
  ]

  package static let noHealthyUpstream = ResponseFlags(rawValue: 1 << 0)
  package static let upstreamConnectionFailure = ResponseFlags(rawValue: 1 << 1)
  package static let noRouteFound = ResponseFlags(rawValue: 1 << 3)
  package static let upstreamRetryLimitExceeded = ResponseFlags(rawValue: 1 << 4)
  package static let noClusterFound = ResponseFlags(rawValue: 1 << 5)
  package static let durationTimeout = ResponseFlags(rawValue: 1 << 6)
  package static let downstreamConnectionTermination = ResponseFlags(rawValue: 1 << 7)
  package static let upstreamRequestTimeout = ResponseFlags(rawValue: 1 << 9)
  package static let upstreamConnectionTermination = ResponseFlags(rawValue: 1 << 12)
  /// A flag that this version does not know was among them; its text is kept beside the set.
  package static let unrecognised = ResponseFlags(rawValue: 1 << 62)

  /// The short names of the flags that are set, in the order of their bits.
  package var shortNames: [String] {
    ResponseFlags.names.indices.filter { rawValue & (1 << UInt64($0)) != 0 }
      .map { "\(ResponseFlags.names[$0].short)" }
  }
}
