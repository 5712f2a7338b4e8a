internal import AccessLog
internal import Foundation

extension StoreReader {
  /// A number that stays the same as long as nobody commits anything; ask within a snapshot for that of its moment.
  package func version() throws -> Int64 { try connection.dataVersion() }

  /// Bytes of the write-ahead log's file. It does not shrink while anybody has the database open.
  package var logBytes: Int64 { connection.file.logBytes }

  /// Between two snapshots, where others write and their log has become long: waits until it could begin anew, for a second
  /// at most.
  ///
  /// A log begins anew with the second commit during which no reader looks at the middle of it: with the first one all of
  /// it is copied. Readers that come back at once would hold that up for as long as they read.
  package func makeWay() throws {
    guard logBytes > StoreLimits.longLogBytes else { return }
    var (seen, commits) = (try version(), 0)
    for _ in 0..<StoreLimits.makingWayRounds where commits < 2 && !StoreInterruption.isRequested {
      Thread.sleep(forTimeInterval: StoreLimits.makingWaySeconds / Double(StoreLimits.makingWayRounds))
      let current = try version()
      if current != seen { commits += 1 }
      seen = current
    }
  }
}
