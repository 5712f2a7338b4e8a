internal import AccessLog

/// Calls that failed by gRPC's status where HTTP's is 200, by status.
struct GRPCFailures {
  /// Most often first.
  private let counts: [(status: GRPCStatus, count: Int)]

  /// `sets` are those of the failed lines.
  init(_ sets: [FindingAttributes]) {
    counts = Dictionary(grouping: sets.compactMap(\.grpcStatus)) { $0 }
      .map { (status: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.status) < ($0.count, $1.status) }
  }

  private static let named = 3

  /// `UNAVAILABLE (14) of 20, INTERNAL (13) of 3`
  var words: String {
    let shown = counts.prefix(GRPCFailures.named).map { entry in
      "\(entry.status.name) (\(entry.status.number))"
        + (counts.count > 1 ? " of \(Quantity.grouped(Int64(entry.count)))" : "")
    }
    return shown.joined(separator: ", ") + (counts.count > GRPCFailures.named ? " and others" : "")
  }

  /// By name of the status: `grpc_unavailable`.
  var numbers: [Finding.Number] {
    counts.map { .init("grpc_\($0.status.name.lowercased())", $0.count) }
  }

  var evidence: [String] {
    guard let top = counts.first?.status else { return [] }
    return [
      "The lines have grpc_status beside the code 200; `meshweft hops --field grpc_status=\(top.number) -o wide` shows some, "
        + "or \(top.name) where the log has names."
    ]
  }

  /// By the status that most have.
  var remedies: [Finding.Remedy] {
    guard let top = counts.first?.status.name else { return [] }
    let app =
      "Look at the app's own log at those times: the mesh only passed its answers on, and outlier detection and "
      + "retries see them as 5xx."
    switch top {
    case "DEADLINE_EXCEEDED":
      return [
        .init(
          "The deadline that the call carries (grpc-timeout) is shorter than what it asks for takes: lengthen it, or make the call cheaper; callers then wait longer."
        )
      ]
    case "UNIMPLEMENTED":
      return [
        .init(
          "The server does not know the method: callers are of a newer version than it, or the route leads to another service."
        )
      ]
    default: return [.init(app)]
    }
  }
}
