import AccessLog
import Testing

@testable import TraceStore

/// What is written to a row is what is read from it, column by column.
struct `A row's layout` {
  private var random = SystemRandomNumberGenerator()

  private mutating func number() -> Int64 { .random(in: -1 << 40...1 << 40, using: &random) }
  private mutating func bytes() -> [UInt8] {
    (0..<Int.random(in: 0...40, using: &random)).map { _ in .random(in: 0...255, using: &random) }
  }
  private mutating func keys() -> [UInt64] {
    (0..<Int.random(in: 0...9, using: &random)).map { _ in .random(in: 1 ... .max, using: &random) }.sorted()
  }

  /// What comes back of a value that SQLite got.
  private func returned<Value>(_ value: Value, _ layout: RowLayout<Value>, into empty: Value) throws -> Value
  {
    let store = try ScratchStore()
    let connection = try StoreConnection.writing(store.path, StoreOptions(), steps: Schema.steps)
    defer { try? connection.close() }
    let select = try connection.statement("SELECT 'before', \(layout.places)")
    defer { select.reset() }
    layout.bind(value, to: select)
    try #require(try select.step())
    var read = empty
    layout.read(select, into: &read, from: 1)
    return read
  }

  @Test mutating func `of a group of attempts`() throws {
    var group = LegGroup()
    (group.serviceHost, group.servicePort, group.host, group.client) = (
      number(), number(), number(), number()
    )
    (group.firstProxy, group.proxy, group.server, group.carrierStatus) = (
      number(), number(), number(), number()
    )
    (group.responseFlags, group.failureCode, group.hostSource) = (number(), number(), number())
    #expect(try returned(group, LegGroup.row, into: LegGroup()) == group)
  }

  @Test mutating func `of a rollup`() throws {
    var leg = LegRollup(bucket: number(), group: LegGroup(), firstStart: number())
    (leg.requests, leg.attempts, leg.clientTime, leg.serverTime) = (number(), number(), number(), number())
    (leg.busy, leg.bytesSent, leg.bytesReceived, leg.lastStart) = (number(), number(), number(), number())
    (leg.confidenceSum, leg.confidenceMin, leg.connections) = (number(), number(), keys())
    (leg.clientTimes, leg.serverTimes, leg.borderTimes) = (bytes(), bytes(), bytes())
    (leg.slowest, leg.costliest) = (bytes(), bytes())
    let empty = LegRollup(bucket: 0, group: LegGroup(), firstStart: 0)
    #expect(try returned(leg, LegRollup.row, into: empty) == leg)
  }

  @Test mutating func `of a span`() throws {
    var leg = LegSpan(group: number(), kind: number())
    (leg.requests, leg.attempts, leg.busy, leg.bytesSent) = (number(), number(), number(), number())
    (leg.bytesReceived, leg.firstStart, leg.lastStart, leg.minutes) = (number(), number(), number(), bytes())
    (leg.confidenceSum, leg.confidenceMin) = (number(), number())
    (leg.clientTimes, leg.serverTimes, leg.borderTimes) = (bytes(), bytes(), bytes())
    #expect(try returned(leg, LegSpan.row, into: LegSpan(group: 0, kind: 0)) == leg)
    let connections = ConnectionSpan(groups: bytes(), keys: keys())
    #expect(
      try returned(connections, ConnectionSpan.row, into: ConnectionSpan(groups: [], keys: [])) == connections
    )
  }

  @Test(arguments: [
    ("leg_group", LegGroup.row.names), ("leg_rollup", LegRollup.row.names), ("leg_span", LegSpan.row.names),
  ])
  func `names the columns that its table has`(table: String, names: String) throws {
    let store = try ScratchStore()
    let connection = try StoreConnection.writing(store.path, StoreOptions(), steps: Schema.steps)
    defer { try? connection.close() }
    let columns = try connection.statement("SELECT * FROM \(table)").columnNames
    #expect(Set(names.split(separator: ", ").map(String.init)).isSubset(of: columns))
  }
}
