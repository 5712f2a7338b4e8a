import TestSupport

@testable import MeshweftKit

/// What the fields of newer log formats tell: gRPC's status, and how often a caller tried.
extension Situation {
  private typealias Request = SituationLog.Request

  /// A share of the requests to even hosts has these fields.
  private static func some(
    _ name: String, finds found: Set<String> = [], fields: [String: String]
  ) -> Situation {
    Situation(name, finds: found, cause: "none") {
      let log = SituationLog().even()
      for host in log.hosts { log.serve(log.callers[0], host, gap: 5, Request(more: fields)) }
      return log
    }
  }

  static let calls = [
    some("gRPC calls fail, HTTP says 200", finds: ["grpc_failures"], fields: ["grpc_status": "14"]),
    some(
      "gRPC calls fail, their status has a name", finds: ["grpc_failures"],
      fields: ["grpc_status": "DeadlineExceeded"]),
    some("gRPC calls find nothing, which is an answer", fields: ["grpc_status": "NOT_FOUND"]),
    some("gRPC calls succeed", fields: ["grpc_status": "0"]),
    some(
      "retries that only the caller counts", finds: ["retry_amplification"],
      fields: ["upstream_request_attempt_count": "3"]),
    some("requests that were tried once", fields: ["upstream_request_attempt_count": "1"]),
    Situation(
      "gRPC calls fail, and their callers' logs are missing", finds: ["grpc_failures", "log_missing"]
    ) {
      SituationLog(hostCluster: "south").direct { log, _, _ in
        let fails = Int.random(in: 0..<10, using: &log.random) == 0
        return (
          log.hosts[Int.random(in: 0..<3, using: &log.random)], 0.01,
          Request(called: false, more: ["grpc_status": fails ? "13" : "0"])
        )
      }
    },
  ]
}
