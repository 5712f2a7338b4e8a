import Testing

@testable import AccessLog

@Suite struct `The status of a gRPC call` {
  @Test(arguments: ["14", "Unavailable", "UNAVAILABLE"])
  func `is read as a number and in both of Envoy's spellings`(_ text: String) throws {
    let status = try #require(GRPCStatus(text))
    #expect(status.number == 14 && status.name == "UNAVAILABLE" && status.isFailure)
  }

  @Test(arguments: ["DeadlineExceeded", "DEADLINE_EXCEEDED", "4", "Unknown", "13", "DataLoss", "12"])
  func `is a failure where Envoy takes it for a 5xx`(_ text: String) throws {
    #expect(try #require(GRPCStatus(text)).isFailure)
  }

  @Test(arguments: ["0", "OK", "NotFound", "CANCELED", "Cancelled", "16", "RESOURCE_EXHAUSTED"])
  func `is an answer otherwise`(_ text: String) throws {
    #expect(try !#require(GRPCStatus(text)).isFailure)
  }

  @Test(arguments: ["", "-", "17", "-1", "99999999999999999999", "InvalidCode", "1.5"])
  func `is none where the text is no status`(_ text: String) { #expect(GRPCStatus(text) == nil) }
}
