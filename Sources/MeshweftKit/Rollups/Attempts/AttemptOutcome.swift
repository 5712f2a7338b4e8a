/// What stands in the place of a failed request's code for TCP connections, which have none; stored.
enum AttemptOutcome {
  static let connection: Int32 = -2
  /// A flag says that it did not end as it should.
  static let flaggedConnection: Int32 = -3
}
