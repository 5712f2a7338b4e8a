extension ConnectionSpan {
  /// A row of `connection_span`, without its span.
  static let row = RowLayout<ConnectionSpan>(columns: [
    .bytes("leg_groups", \.groups), .keys("connection_keys", \.keys),
  ])
}
