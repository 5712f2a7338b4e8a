import Foundation
import TestSupport
import Testing

/// What happens to clusters between two runs, and while one reads: no line is lost, or it is said.
@Suite(.enabled(if: ClusterStandIn.canRun, ClusterStandIn.reason), .serialized)
struct `Collecting again` {
  private static let shop = ["-n", "shop"]

  /// Collects, and compares what is stored with all that could be read.
  private func collectsAll(_ clusters: ClusterStandIn, _ more: [String], _ comment: Comment) throws {
    let outcome = try clusters.collect(more)
    #expect(outcome.status == 0, "\(comment): \(outcome.errorText)")
    // What has happened meanwhile is expected, too, from the next command on.
    try clusters.command("write 0")
    #expect(try clusters.stored() == clusters.expected(), comment)
  }

  private func collectsAll(_ clusters: ClusterStandIn, _ comment: Comment) throws {
    try collectsAll(clusters, Self.shop, comment)
  }

  @Test func `a container that is started again before its log is open has its log before that read`() throws
  {
    let clusters = try ClusterStandIn(pods: 4, lines: 20)
    try clusters.command("restart-at-open")
    try collectsAll(clusters, "at once")
    try collectsAll(clusters, "again")
  }

  @Test func `a log before a restart that could not be read is read by the next run`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 20)
    try clusters.command("restart", "fail-previous 5")
    #expect(try clusters.collect(Self.shop).status == 2)
    #expect(try clusters.stored() != clusters.expected())
    try collectsAll(clusters, "when it can be read")
  }

  @Test func `restarts whose logs nobody has any more are said`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 20)
    try collectsAll(clusters, "at first")
    try clusters.command("restart", "restart", "restart")
    let outcome = try clusters.collect(Self.shop)
    #expect(outcome.errorText.contains("restarted 3 times since it was read: logs in between are lost"))
    let lost = try Set(clusters.expected()).subtracting(clusters.stored())
    #expect(lost.count == 20)
  }

  @Test func `local times that are ahead of UTC do not tell where to go on`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 20)
    try clusters.command("local 8", "write 20")
    try collectsAll(clusters, "at first")
    try clusters.command("write 10")
    try collectsAll(clusters, "an hour later")
  }

  @Test func `a clock that is set back hides no line, neither in one run nor between two`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 60)
    try clusters.command("clock -30", "write 60", "break 6")
    try collectsAll(clusters, "after connections that broke")
    try clusters.command("clock -30", "write 10")
    try collectsAll(clusters, "in the next run")
  }

  @Test func `a last line without its line feed is read where the container has ended, and the log once`()
    throws
  {
    let clusters = try ClusterStandIn(pods: 4, lines: 20)
    try clusters.command("end")
    try collectsAll(clusters, "at first")
    let again = try clusters.collect(Self.shop + ["-o", "json"])
    #expect(again.status == 0)
    let logs = try JSONValue(parsing: again.output)["sources"]?.array?.compactMap { $0["pod"]?.string } ?? []
    #expect(!logs.contains("items-00"), "it was asked for again: \(logs)")
  }

  @Test func `lines that were not known are read again when their format is named`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 2)
    try clusters.command("plain 5", "write 1")
    #expect(try clusters.collect(Self.shop).status == 0)
    #expect(try clusters.stored() != clusters.expected())
    let format =
      "T=%START_TIME% %REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %DURATION% %REQ(X-REQUEST-ID)% %UPSTREAM_HOST%"
    try collectsAll(clusters, Self.shop + ["--format", format], "with --format")
  }

  @Test func `--since is counted by the cluster's clock`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 60)
    let outcome = try clusters.collect(Self.shop + ["--since", "5s"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let stored = try clusters.stored()
    #expect(stored.count > 4 * 10 && stored.count < 4 * 40, "\(stored.count)")
  }

  @Test func `two contexts of one cluster are read once`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 20)
    let outcome = try clusters.collect(Self.shop + ["--context", "twin"])
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("the same cluster as ack1, for its pods are the same: left out"))
    #expect(try clusters.stored() == clusters.expected())
  }

  @Test func `what the kubelet says is shown`() throws {
    let clusters = try ClusterStandIn(pods: 2, lines: 5)
    try clusters.command("kubelet 20")
    let outcome = try clusters.collect(Self.shop)
    #expect(outcome.status == 2)
    #expect(
      outcome.errorText.contains("the kubelet says: failed to create fsnotify watcher"),
      "\(outcome.errorText)")
  }
}
