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
  case traceID, istioPolicyStatus, accessLogType
  /// Identity that some formats carry in the line itself (Alibaba SLS, Huawei UCS, field maps).
  case podName, podNamespace, containerName, meshCluster
}

/// Where a field's value lies in the bytes that were scanned.
package struct FieldSlice: Sendable, Equatable {
  package enum Kind: UInt8, Sendable {
    /// The key was not there.
    case absent
    /// JSON null.
    case null
    /// Text as it stands.
    case text
    /// The inside of a JSON string that holds at least one backslash escape.
    case escapedText
    /// A JSON number as it stands.
    case number
    /// true, false, an object or an array.
    case other
  }
  package var start: Int32
  package var count: Int32
  package var kind: Kind

  package init(start: Int, count: Int, kind: Kind) {
    self.start = Int32(truncatingIfNeeded: start)
    self.count = Int32(truncatingIfNeeded: count)
    self.kind = kind
  }

  package static let absent = FieldSlice(start: 0, count: 0, kind: .absent)

  package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// The values of one line, one slice per field; a line is at most `Limits.lineBytes` long, so 32 bits do.
///
/// Reused from line to line: `reset()` before each. Storage is one allocation for the table's life, because it is
/// written some thirty times per line.
@safe
package struct FieldTable: ~Copyable {
  private let slices: UnsafeMutableBufferPointer<FieldSlice>
  /// A key that names the same field occurred twice (CVE-2025-25294: forged fields). The first value stays.
  package var hasDuplicateKey = false
  /// How many of the line's keys named a field.
  package private(set) var recognised = 0

  package init() {
    unsafe slices = .allocate(capacity: Field.allCases.count)
    unsafe slices.initialize(repeating: .absent)
  }

  deinit { unsafe slices.deallocate() }

  @inline(__always)
  package mutating func reset() {
    unsafe slices.update(repeating: .absent)
    hasDuplicateKey = false
    recognised = 0
  }

  package subscript(field: Field) -> FieldSlice {
    @inline(__always) get { unsafe slices[Int(field.rawValue)] }
  }

  /// Sets a field that may have been set before; then the first value stays and the line is flagged.
  @inline(__always)
  package mutating func set(_ field: Field, _ slice: FieldSlice) {
    let index = Int(field.rawValue)
    guard unsafe slices[index].kind == .absent else {
      hasDuplicateKey = true
      return
    }
    recognised += 1
    unsafe slices[index] = slice
  }
}
