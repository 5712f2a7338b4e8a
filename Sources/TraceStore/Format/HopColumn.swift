/// Parameters of the insertion of a hop.
enum HopColumn {
  static let id: Int32 = 1
  static let identityCheck: Int32 = 2
  static let startOffset: Int32 = 3
  static let line: Int32 = 4
  static let attributes: Int32 = 5
  static let path: Int32 = 6
  static let userAgent: Int32 = 7
  static let requestID: Int32 = 8
  static let duration: Int32 = 9
  static let serviceTimeGap: Int32 = 10
  static let bytesReceived: Int32 = 11
  static let bytesSent: Int32 = 12
  static let upstreamLocal: Int32 = 13
  static let downstreamRemote: Int32 = 14
  static let forwardedFor: Int32 = 15
  static let traceID: Int32 = 16
  static let count: Int32 = 16
}
