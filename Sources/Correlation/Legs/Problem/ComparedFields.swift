internal import AccessLog

/// What both ends of a request log alike. Logs of one mesh may have different formats: a field may be missing at one end, or be
/// cut or rewritten on the way, and must not be held against a request then.
struct ComparedFields: OptionSet {
  let rawValue: UInt8

  static let content = ComparedFields(rawValue: 1)
  static let authority = ComparedFields(rawValue: 2)
  static let agent = ComparedFields(rawValue: 4)
  static let received = ComparedFields(rawValue: 8)
  static let sent = ComparedFields(rawValue: 16)
  static let code = ComparedFields(rawValue: 32)
  static let all: ComparedFields = [.content, .authority, .agent, .received, .sent, .code]

  /// Hops of one end that are looked at, at most.
  private static let sample = 4_096
  /// The share of hops that lack a field by which the two ends may differ.
  private static let unevenness = 0.05
  /// The share of one end's values that the other must have, too.
  private static let overlap = 0.1

  /// Whether two hops ask for the same, as far as both say it.
  func agree(_ client: Hop, _ server: Hop) -> Bool {
    ComparedFields.alike(contains(.content), client.content, server.content)
      && ComparedFields.alike(contains(.authority), client.authority, server.authority)
      && ComparedFields.alike(contains(.agent), client.agent, server.agent)
  }

  @inline(__always)
  private static func alike<Key: FixedWidthInteger>(_ isCompared: Bool, _ one: Key, _ other: Key) -> Bool {
    !isCompared || one == other || one == 0 || other == 0
  }

  /// What hops of clients and of one mesh cluster's servers can be compared by.
  init(_ table: HopTable, clients: [Int32], servers: [Int32]) {
    var fields = ComparedFields.all
    let (some, others) = (ComparedFields.sampled(clients), ComparedFields.sampled(servers))
    func keep(
      _ field: ComparedFields, isMissing: (Hop) -> Bool, value: ((Hop) -> Int64)? = nil
    ) {
      let lacking = [some, others].map { hops in
        Double(hops.count { isMissing(table[$0]) }) / Double(max(1, hops.count))
      }
      if abs(lacking[0] - lacking[1]) > ComparedFields.unevenness || lacking.max() == 1 {
        fields.remove(field)
      }
      guard let value, fields.contains(field) else { return }
      let known = Set(clients.lazy.map { value(table[$0]) })
      let found = others.count { known.contains(value(table[$0])) }
      if Double(found) < ComparedFields.overlap * Double(others.count) { fields.remove(field) }
    }
    // Which paths are called may differ from one stretch of time to the next, and logs may cover different ones.
    keep(.content) { $0.content == 0 }
    keep(.authority) {
      $0.authority == 0
    } value: {
      Int64($0.authority)
    }
    keep(.agent) {
      $0.agent == 0
    } value: {
      Int64($0.agent)
    }
    keep(.received) { $0.bytesReceived < 0 }
    keep(.sent) { $0.bytesSent < 0 }
    keep(.code) { $0.responseCode == 0 }
    self = fields
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Evenly over time.
  private static func sampled(_ hops: [Int32]) -> [Int32] {
    if hops.count <= sample { return hops }
    return (0..<sample).map { hops[$0 * hops.count / sample] }
  }
}
