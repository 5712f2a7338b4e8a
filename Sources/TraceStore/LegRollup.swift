/// What attempts have in common that one row of the rollup counts. Ids are the store's own, 0 where not known.
package struct LegGroup: Hashable, Sendable {
  /// `text.id` and port.
  package var serviceHost: Int64 = 0
  package var servicePort: Int64 = 0
  /// An address as the store keeps it: IPv4 and port in one number, or minus `text.id`.
  package var host: Int64 = 0
  /// `source.id` of the pod that had the address then.
  package var hostSource: Int64 = 0
  /// `source.id`, the first of a pod's logs.
  package var client: Int64 = 0
  package var firstProxy: Int64 = 0
  /// All before `proxy` where they are more than one, from the client on; `firstProxy` is 0 then.
  package var chain: [Int64] = []
  package var proxy: Int64 = 0
  package var server: Int64 = 0
  package var carrierStatus: Int64 = 0
  /// `ResponseFlags.rawValue`
  package var responseFlags: Int64 = 0
  /// The response code of failures, -1 for the others; -2 of TCP connections, -3 of those with a flag.
  package var failureCode: Int64 = -1

  package init() {}
}

/// What a group of attempts adds up to in one minute, or in the shorter piece of time that is correlated at once.
package struct LegRollup: Sendable, Equatable {
  /// Start of the piece, microseconds since the epoch.
  package var bucket: Int64
  package var group: LegGroup
  package var requests: Int64 = 0
  package var attempts: Int64 = 0
  /// Sums in microseconds.
  package var clientTime: Int64 = 0
  package var serverTime: Int64 = 0
  package var busy: Int64 = 0
  package var bytesSent: Int64 = 0
  package var bytesReceived: Int64 = 0
  /// Sum over the requests, and the smallest, in ten-thousandths.
  package var confidenceSum: Int64 = 0
  package var confidenceMin: Int64 = 10_000
  /// Of attempts: first start and last start, microseconds since the epoch.
  package var firstStart: Int64
  package var lastStart: Int64
  /// Durations as `RoundedTimes` writes them.
  package var clientTimes: [UInt8] = []
  package var serverTimes: [UInt8] = []
  package var borderTimes: [UInt8] = []
  /// The attempts that took longest, and those whose border cost most, as `TopAttempts` writes them.
  package var slowest: [UInt8] = []
  package var costliest: [UInt8] = []
  /// Keys of the connections, ascending.
  package var connections: [UInt64] = []

  package init(bucket: Int64, group: LegGroup, firstStart: Int64) {
    self.bucket = bucket
    self.group = group
    self.firstStart = firstStart
    lastStart = firstStart
  }
}

/// How many requests were in flight at once at most.
package struct LegPeak: Sendable {
  package enum Series: Int64, Sendable, CaseIterable {
    case host = 1
    case service = 2
    case source = 3
    case proxy = 4
  }

  /// Start of the piece, microseconds since the epoch.
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

/// How far one mesh cluster's clock was ahead of another's in a piece of time.
package struct StoredClock: Sendable, Equatable {
  package var clientMeshCluster: String
  package var serverMeshCluster: String
  /// Microseconds since the epoch, on the client's clock: when `offset` was right.
  package var reference: Int64
  /// Microseconds by which the server's clock is ahead.
  package var offset: Double
  /// Parts per million.
  package var drift: Double
  /// Microseconds.
  package var uncertainty: Double
  /// How many requests it rests on.
  package var requests: Int64

  package init(
    clientMeshCluster: String, serverMeshCluster: String, reference: Int64, offset: Double, drift: Double,
    uncertainty: Double, requests: Int64
  ) {
    self.clientMeshCluster = clientMeshCluster
    self.serverMeshCluster = serverMeshCluster
    self.reference = reference
    self.offset = offset
    self.drift = drift
    self.uncertainty = uncertainty
    self.requests = requests
  }
}
