/// The status of a gRPC call, which HTTP's does not tell: a call that fails is answered with 200, too.
///
/// Source: gRPC's `doc/statuscodes.md`. Envoy logs it as a number, or by name in one of two spellings
/// (`%GRPC_STATUS(CAMEL_STRING|SNAKE_STRING|NUMBER)%`): `14`, `Unavailable`, `UNAVAILABLE`.
package struct GRPCStatus: Sendable, Hashable, Comparable {
  package let number: Int

  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
    "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  /// Reads what was logged; nil for what is no status of gRPC's.
  package init?(_ text: String) {
    if let number = Int(text) {
      guard GRPCStatus.names.indices.contains(number) else { return nil }
      self.number = number
      return
    }
    let plain = GRPCStatus.folded(text)
    // Envoy spells it with one l.
    let known = plain == "CANCELED" ? "CANCELLED" : plain
    guard let number = GRPCStatus.names.firstIndex(where: { GRPCStatus.folded($0) == known }) else {
      return nil
    }
    self.number = number
  }

  private static func folded(_ text: String) -> String { text.uppercased().filter { $0 != "_" } }

  package var name: String { GRPCStatus.names[number] }

  /// Whether the server or the way to it failed: those that Envoy takes for a 5xx (`Grpc::Utility::grpcToHttpStatus`). Others
  /// are answers, as a 4xx is.
  package var isFailure: Bool { [2, 4, 12, 13, 14, 15].contains(number) }

  package static func < (left: GRPCStatus, right: GRPCStatus) -> Bool { left.number < right.number }
}
