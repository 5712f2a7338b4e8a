/// The fields of an access-log line that meshweft understands, whatever format they came in.
///
/// Named after Envoy's operators and Istio's JSON keys (istio `pilot/pkg/model/telemetry_logging.go`).
package enum Field: UInt8, Sendable, CaseIterable {
  case startTime, method, path, httpProtocol, responseCode, responseFlags, responseCodeDetails
  case connectionTerminationDetails, upstreamTransportFailureReason, bytesReceived, bytesSent
  /// `duration` is in milliseconds, `durationMicroseconds` in microseconds (a finer copy wins).
  case duration, durationMicroseconds
  case upstreamServiceTime, forwardedFor, userAgent, requestID, authority, upstreamHost, upstreamCluster
  case upstreamLocalAddress, downstreamLocalAddress, downstreamRemoteAddress, requestedServerName, routeName
  case traceID, istioPolicyStatus, accessLogType, grpcStatus, upstreamRequestAttemptCount
  /// Identity that some formats carry in the line itself (Alibaba SLS, Huawei UCS, field maps).
  case podName, podNamespace, containerName, meshCluster
  /// A time that stands for `startTime` where that is missing and nothing else is.
  case logTime
}
