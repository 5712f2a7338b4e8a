/// Takes the events of a request one by one.
protocol RequestVisitor {
  /// What follows is about one request of a kind.
  mutating func begin(type: Int)
  /// The kind of request that one whose own line is not in the log is taken for, by the kind of its first call.
  func lostType(act: Int) -> Int
  /// A call is the first that is known of a request whose own line is not in the log.
  mutating func lostStart(act: Int)
  /// Nothing is known to follow in a request whose own line is not in the log.
  mutating func lostEnd(type: Int, event: Int, state: Int)
  /// The application acted: it started a call or ended the request, `gap` microseconds after the event.
  mutating func act(type: Int, event: Int, state: Int, act: Int, gap: Int64)
  /// Nothing happened until an open call ended.
  mutating func wait(type: Int, event: Int, state: Int)
}
