internal import AccessLog

extension FindingAttributes {
  /// The caller's sidecar knew no service behind the address.
  var isUnknownTraffic: Bool {
    upstreamCluster == "PassthroughCluster" || upstreamCluster == "BlackHoleCluster"
  }
}

extension ResponseFlags {
  static let upstreamOverflow = ResponseFlags(rawValue: 1 << 2)
  static let downstreamRemoteReset = ResponseFlags(rawValue: 1 << 28)
}
