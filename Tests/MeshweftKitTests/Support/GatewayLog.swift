import TestSupport
import Testing

@testable import MeshweftKit

/// Access logs of meshes with gateways and TCP services, line by line, as ASM's JSON; a test adds to them what it is about.
struct GatewayLog {
  /// By the pod's log: its lines.
  private(set) var lines: [String: [[UInt8]]] = [:]

  /// Milliseconds after the beginning of the day, which all logs share; below a million.
  mutating func add(_ pod: String, at start: Int, lasting duration: Int, _ fields: [String: String]) {
    var all = [
      "authority_for": "-", "bytes_received": "0", "bytes_sent": "0", "downstream_local_address": "-",
      "downstream_remote_address": "-", "method": "-", "path": "-", "protocol": "-", "request_id": "-",
      "requested_server_name": "-", "response_code": "0", "response_flags": "-", "upstream_cluster": "-",
      "upstream_host": "-", "upstream_local_address": "-", "user_agent": "-", "x_forwarded_for": "-",
    ]
    all["duration"] = String(duration)
    all["start_time"] =
      "2026-05-06T00:\(two(start / 60_000)):\(two(start / 1000 % 60)).\(three(start % 1000))Z"
    all.merge(fields) { _, own in own }
    let text = all.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
    lines[pod, default: []].append(Array("{\(text)}".utf8))
  }

  /// The same of a request that was answered; those of one second are alike.
  mutating func request(
    _ pod: String, at start: Int, lasting duration: Int, id: String, _ fields: [String: String]
  ) {
    let usual = [
      "method": "GET", "path": "/things/\(start / 1000 % 7)", "protocol": "HTTP/1.1", "response_code": "200",
      "bytes_sent": String(500 + start / 1000 * 37 % 911), "request_id": id, "authority_for": "shop.example",
      "user_agent": "curl/8",
    ]
    add(pod, at: start, lasting: duration, usual.merging(fields) { _, own in own })
  }

  /// A line as another log has it.
  mutating func append(_ line: [UInt8], to pod: String) { lines[pod, default: []].append(line) }

  /// A UUID of a number.
  static func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "5b8e0000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// In the order of the logs' names, or its reverse.
  func files(reversed: Bool = false) -> [LogFile] {
    let files = lines.sorted { $0.key < $1.key }.map { pod, lines in
      LogFile(name: "\(pod).istio-proxy.log", lines: reversed ? lines.reversed() : lines)
    }
    return reversed ? files.reversed() : files
  }

  func mesh() throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    try mesh.feed(files(), IngestOptions())
    return mesh
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
  private func three(_ number: Int) -> String {
    String(repeating: "0", count: 3 - String(number).count) + String(number)
  }
}
