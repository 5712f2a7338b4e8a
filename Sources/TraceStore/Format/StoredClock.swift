/// How far one mesh cluster's clock was ahead of another's in a unit of time.
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

  /// Microseconds by which the server's clock is ahead at a time, microseconds since the epoch.
  package func offset(at time: Int64) -> Int64 {
    let offset = offset + drift * Double(time &- reference) / 1_000_000
    return Int64(exactly: offset.rounded()) ?? 0
  }

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
