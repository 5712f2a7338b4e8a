/// What a link rests on; the raw bits are stored and never change.
package struct Evidence: OptionSet, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The request id is the same at both ends.
  package static let requestID = Evidence(rawValue: 1 << 0)
  /// The two ends of one TCP connection name the same address.
  package static let address = Evidence(rawValue: 1 << 1)
  /// Other requests of the same connection were linked by id, and the connection is one.
  package static let triangle = Evidence(rawValue: 1 << 2)
  /// The sequences of requests on two connections agree.
  package static let sequence = Evidence(rawValue: 1 << 3)
  /// The carrier's byte totals are what these requests add up to.
  package static let bytes = Evidence(rawValue: 1 << 4)
  /// Service and times fit.
  package static let time = Evidence(rawValue: 1 << 5)
  /// The application passed a trace id on.
  package static let traceID = Evidence(rawValue: 1 << 6)

  /// The names of the interfaces, in the order of strength.
  package static let names: [(Evidence, String)] = [
    (.requestID, "request_id"), (.traceID, "trace_id"), (.address, "address"), (.triangle, "triangle"),
    (.sequence, "sequence"), (.bytes, "bytes"), (.time, "time"),
  ]

  package var names: [String] { Evidence.names.filter { contains($0.0) }.map(\.1) }
}
