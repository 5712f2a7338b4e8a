import Foundation
import TestSupport
import Testing

/// A real kubectl, and clusters that stand in for real ones.
@Suite(.enabled(if: ClusterStandIn.canRun, ClusterStandIn.reason), .serialized)
struct `Collecting from clusters` {
  @Test
  func
    `reads every line of two contexts once, though connections break, a container is restarted and a log rotated`()
    throws
  {
    let clusters = try ClusterStandIn()
    try clusters.command("break 5")
    let first = try clusters.collect([])
    #expect(first.status == 2, "one namespace may not be read: \(first.errorText)")
    #expect(
      first.errorText.contains("ack2: private/items-201, container istio-proxy: you may not read this log"))
    #expect(try clusters.stored() == clusters.expected())

    try clusters.command("write 5", "restart", "rotate", "write 5")
    #expect(try clusters.collect([]).status == 2)
    // What the kubelet rotated away before anybody asked is nowhere.
    let lost = try Set(clusters.expected()).subtracting(clusters.stored())
    #expect(lost == Set((51...55).map { "ack1-gateway-02-000000\($0)" }))

    let again = try clusters.collect(["-o", "json", "--no-resume"])
    #expect(try JSONValue(parsing: again.output)["stored"] == .integer(0))
    #expect(try Set(clusters.stored()).count == clusters.stored().count)
  }

  @Test func `knows which pods there are, what stands behind services, and where nodes are`() throws {
    let clusters = try ClusterStandIn(pods: 8, lines: 5)
    let first = try clusters.collect([])
    #expect(
      first.errorText.contains("ack2: nodes: you may not list them; in which zone"), "\(first.errorText)")
    let sql = """
      SELECT o.mesh_cluster AS cluster, o.kind AS kind, count(DISTINCT o.id) AS objects, count(e.id) AS addresses
      FROM kubernetes_object o LEFT JOIN kubernetes_endpoint e ON e.object = o.id GROUP BY 1, 2 ORDER BY 1, 2
      """
    let answer = try Meshweft.run(["query", sql, "-o", "csv"], in: clusters.folder).outputText
    let expected = [
      "cluster,kind,objects,addresses", "ack1,1,5,5", "ack1,2,1,1", "ack1,3,1,5", "ack1,4,1,0", "ack2,1,5,5",
      "ack2,2,3,3",
      "ack2,3,3,5",
    ]
    #expect(answer.split(whereSeparator: \.isNewline).map(String.init) == expected)
    #expect(try clusters.collect([]).errorText.contains(", 0 of them new"))
  }

  @Test func `reads on from where it was, and names mesh clusters as it is told`() throws {
    let clusters = try ClusterStandIn(pods: 4, lines: 100)
    let names = ["collect", "--context", "ack1=left", "--context", "ack2=right", "-n", "shop", "-o", "json"]
    let environment = ["KUBECONFIG": clusters.folder.file("kubeconfig")]
    func collect() throws -> ChildProcess.Outcome {
      try Meshweft.start(names, in: clusters.folder, environment: environment).wait()
    }
    let first = try collect()
    #expect(first.status == 0, "\(first.errorText)")
    let summary = try JSONValue(parsing: first.output)
    #expect(summary["stored"] == .integer(400))
    let meshClusters = summary["sources"]?.array?.compactMap { $0["mesh_cluster"]?.string } ?? []
    #expect(Set(meshClusters) == ["left", "right"])

    try clusters.command("write 3")
    let second = try JSONValue(parsing: try collect().output)
    #expect(second["stored"] == .integer(12))
    #expect(try #require(second["duplicate"]?.integer) < 100, "the whole log was read again")
    #expect(try clusters.stored() == clusters.expected())
  }

  @Test func `follows logs and pods that come, through a restart, until Ctrl-C`() throws {
    let clusters = try ClusterStandIn(pods: 8, lines: 20)
    let child = try clusters.start(["-f"])
    func waitForAll() throws { try clusters.waitUntil { try clusters.stored() == clusters.expected() } }
    try waitForAll()
    try clusters.command("write 4")
    try waitForAll()
    try clusters.command("add", "write 2", "restart", "rotate", "write 3")
    try waitForAll()
    #expect(child.isRunning)
    child.signal(SIGINT)
    let outcome = try child.wait()
    #expect(outcome.status == 130)
    #expect(outcome.errorText.contains("ack1: shop/items-105, container istio-proxy: new"))
    #expect(outcome.errorText.contains("interrupted"))
    #expect(try clusters.stored() == clusters.expected())
  }
}
