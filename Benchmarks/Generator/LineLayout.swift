import ArgumentParser

/// The formats a mesh is set up with.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
  /// Alibaba ASM: JSON, every value a string, "-" for missing.
  case asm
  /// Istio's default JSON: numbers and null, keys sorted as Envoy 1.40 does.
  case istioJSON = "istio-json"
  /// Istio's default text.
  case text
}

/// Which value of a `LogLine` comes next.
enum LineField {
  case startTime, method, path, httpProtocol, responseCode, responseFlags, responseCodeDetails, bytesReceived
  case bytesSent, duration, upstreamResponseTime, serviceTime, userAgent, requestID, authority, upstreamHost
  case upstreamCluster, upstreamLocal, downstreamLocal, downstreamRemote, requestedServerName, route
  /// A field that is never set in these logs.
  case absent
}

/// A log format as a row of literal texts with a value after each.
struct LineLayout {
  private struct Segment {
    let literal: Text
    let field: LineField
    let quoted: Bool
  }

  private let segments: [Segment]
  private let closing: Text
  private let missing: Text
  private let pool: TextPool
  /// Orders that lines have their segments in, all in turn at random; none where all lines have the layout's.
  private let orders: [[Int]]

  /// Orders of shuffled keys: far more than any reader remembers.
  private static let shuffledOrders = 4096

  /// `shuffled` gives the keys of each line an order of their own (JSON only).
  init(_ format: LogFormat, pool: TextPool, shuffled: Bool = false) {
    self.pool = pool
    orders = shuffled ? Self.orders(count: format == .asm ? Self.asmKeys.count : Self.istioKeys.count) : []
    switch format {
    case .asm, .istioJSON:
      let numbers: [LineField] = [.bytesReceived, .bytesSent, .duration, .responseCode]
      let keys = format == .asm ? Self.asmKeys : Self.istioKeys
      segments = keys.enumerated().map { index, key in
        Segment(
          literal: pool.add((index == 0 && !shuffled ? "{" : ",") + "\"\(key.0)\":"), field: key.1,
          quoted: format == .asm || !numbers.contains(key.1))
      }
      closing = pool.add("}\n")
      missing = pool.add(format == .asm ? "\"-\"" : "null")
    case .text:
      segments = Self.textParts.map { Segment(literal: pool.add($0.0), field: $0.1, quoted: false) }
      closing = pool.add("\n")
      missing = pool.add("-")
    }
  }

  private static func orders(count: Int) -> [[Int]] {
    var random = SplitMix64(seed: 1)
    return (0..<shuffledOrders).map { _ in
      var order = Array(0..<count)
      for index in order.indices.reversed() { order.swapAt(index, random.below(index + 1)) }
      return order
    }
  }

  func write(_ line: LogLine, into sink: inout ByteSink) {
    if orders.isEmpty {
      for segment in segments { write(segment, of: line, into: &sink) }
    } else {
      writeShuffled(line, into: &sink)
    }
    sink.append(closing, from: pool)
  }

  func write(_ text: Text, into sink: inout ByteSink) { sink.append(text, from: pool) }

  private func writeShuffled(_ line: LogLine, into sink: inout ByteSink) {
    var random = SplitMix64(seed: UInt64(truncatingIfNeeded: line.startMicroseconds ^ line.bytesSent << 40))
    let start = sink.count
    for index in orders[random.below(orders.count)] { write(segments[index], of: line, into: &sink) }
    sink.overwrite(at: start, with: UInt8(ascii: "{"))
  }

  private func write(_ segment: Segment, of line: LogLine, into sink: inout ByteSink) {
    sink.append(segment.literal, from: pool)
    guard !isMissing(segment.field, of: line) else { return sink.append(missing, from: pool) }
    if segment.quoted { sink.append(UInt8(ascii: "\"")) }
    writeValue(segment.field, of: line, into: &sink)
    if segment.quoted { sink.append(UInt8(ascii: "\"")) }
  }

  private func isMissing(_ field: LineField, of line: LogLine) -> Bool {
    switch field {
    case .startTime, .responseCode, .responseFlags, .bytesReceived, .bytesSent, .duration: false
    case .method: line.method.isMissing
    case .path: line.path.isMissing
    case .httpProtocol: line.httpProtocol.isMissing
    case .responseCodeDetails: line.responseCodeDetails.isMissing
    case .upstreamResponseTime, .serviceTime: line.serviceMilliseconds < 0
    case .userAgent: line.userAgent.isMissing
    case .requestID: line.requestID.isMissing
    case .authority: line.authority.isMissing
    case .upstreamHost: line.upstreamHost.isMissing
    case .upstreamCluster: line.upstreamCluster.isMissing
    case .upstreamLocal: line.upstreamLocal.isMissing
    case .downstreamLocal: line.downstreamLocal.isMissing
    case .downstreamRemote: line.downstreamRemote.isMissing
    case .requestedServerName: line.requestedServerName.isMissing
    case .route: line.route.isMissing
    case .absent: true
    }
  }

  private func writeValue(_ field: LineField, of line: LogLine, into sink: inout ByteSink) {
    switch field {
    case .startTime: sink.append(epochMicroseconds: line.startMicroseconds, fractionDigits: 3)
    case .method: sink.append(line.method, from: pool)
    case .path:
      sink.append(line.path, from: pool)
      if line.pathNumber >= 0 { sink.append(decimal: line.pathNumber) }
    case .httpProtocol: sink.append(line.httpProtocol, from: pool)
    case .responseCode: sink.append(decimal: line.responseCode)
    case .responseFlags: sink.append(line.responseFlags, from: pool)
    case .responseCodeDetails: sink.append(line.responseCodeDetails, from: pool)
    case .bytesReceived: sink.append(decimal: line.bytesReceived)
    case .bytesSent: sink.append(decimal: line.bytesSent)
    case .duration, .upstreamResponseTime: sink.append(decimal: line.durationMilliseconds)
    case .serviceTime: sink.append(decimal: line.serviceMilliseconds)
    case .userAgent: sink.append(line.userAgent, from: pool)
    case .requestID: sink.append(line.requestID)
    case .authority: sink.append(line.authority, from: pool)
    case .upstreamHost: sink.append(line.upstreamHost)
    case .upstreamCluster: sink.append(line.upstreamCluster, from: pool)
    case .upstreamLocal: sink.append(line.upstreamLocal)
    case .downstreamLocal: sink.append(line.downstreamLocal)
    case .downstreamRemote: sink.append(line.downstreamRemote)
    case .requestedServerName: sink.append(line.requestedServerName, from: pool)
    case .route: sink.append(line.route, from: pool)
    case .absent: break
    }
  }

  private static let asmKeys: [(String, LineField)] = [
    ("authority_for", .authority), ("bytes_received", .bytesReceived), ("bytes_sent", .bytesSent),
    ("downstream_local_address", .downstreamLocal), ("downstream_remote_address", .downstreamRemote),
    ("duration", .duration), ("istio_policy_status", .absent), ("method", .method), ("path", .path),
    ("protocol", .httpProtocol), ("request_id", .requestID),
    ("requested_server_name", .requestedServerName), ("response_code", .responseCode),
    ("response_flags", .responseFlags), ("route_name", .route), ("start_time", .startTime),
    ("trace_id", .absent), ("upstream_cluster", .upstreamCluster), ("upstream_host", .upstreamHost),
    ("upstream_local_address", .upstreamLocal), ("upstream_response_time", .upstreamResponseTime),
    ("upstream_service_time", .serviceTime), ("upstream_transport_failure_reason", .absent),
    ("user_agent", .userAgent), ("x_forwarded_for", .absent),
  ]

  private static let istioKeys: [(String, LineField)] = [
    ("authority", .authority), ("bytes_received", .bytesReceived), ("bytes_sent", .bytesSent),
    ("connection_termination_details", .absent), ("downstream_local_address", .downstreamLocal),
    ("downstream_remote_address", .downstreamRemote), ("duration", .duration), ("method", .method),
    ("path", .path), ("protocol", .httpProtocol), ("request_id", .requestID),
    ("requested_server_name", .requestedServerName), ("response_code", .responseCode),
    ("response_code_details", .responseCodeDetails), ("response_flags", .responseFlags),
    ("route_name", .route), ("start_time", .startTime), ("upstream_cluster", .upstreamCluster),
    ("upstream_host", .upstreamHost), ("upstream_local_address", .upstreamLocal),
    ("upstream_service_time", .serviceTime), ("upstream_transport_failure_reason", .absent),
    ("user_agent", .userAgent), ("x_forwarded_for", .absent),
  ]

  private static let textParts: [(String, LineField)] = [
    ("[", .startTime), ("] \"", .method), (" ", .path), (" ", .httpProtocol), ("\" ", .responseCode),
    (" ", .responseFlags), (" ", .responseCodeDetails), (" ", .absent), (" \"", .absent),
    ("\" ", .bytesReceived), (" ", .bytesSent), (" ", .duration), (" ", .serviceTime), (" \"", .absent),
    ("\" \"", .userAgent), ("\" \"", .requestID), ("\" \"", .authority), ("\" \"", .upstreamHost),
    ("\" ", .upstreamCluster), (" ", .upstreamLocal), (" ", .downstreamLocal), (" ", .downstreamRemote),
    (" ", .requestedServerName), (" ", .route),
  ]
}
