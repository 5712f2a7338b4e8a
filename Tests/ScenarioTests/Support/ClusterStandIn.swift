import Foundation
import TestSupport
import Testing

/// Two Kubernetes clusters as far as kubectl can tell: `scripts/cluster-stand-in`, on loopback.
final class ClusterStandIn: Sendable {
  static let canRun =
    isThere("kubectl", ["version", "--client"]) && isThere("python3", ["--version"])
  static let reason: Comment =
    "kubectl or python3 is not there (scripts/setup python3 kubernetes-client:kubectl)"

  /// Holds kubeconfig, expected.txt, and the database.
  let folder: ScratchFolder
  private let server: ChildProcess

  private static func isThere(_ program: String, _ arguments: [String]) -> Bool {
    (try? ChildProcess.run(program, arguments))?.status == 0
  }

  init(pods: Int = 40, lines: Int = 50) throws {
    folder = try ScratchFolder()
    server = try ChildProcess(
      Checkout.root + "/scripts/cluster-stand-in",
      [folder.path, "--pods", "\(pods)", "--lines", "\(lines)"])
    try waitUntil { Checkout.exists(folder.file("kubeconfig")) }
  }

  deinit { _ = try? server.wait() }

  /// Carries out commands, one after the other.
  func command(_ commands: String...) throws {
    let before = done
    for command in commands { server.send((command + "\n").utf8) }
    try waitUntil { done == before + commands.count }
  }

  private var done: Int { (try? Int(text("done"))) ?? 0 }

  private func text(_ name: String) throws -> String {
    String(decoding: try folder.bytes(name), as: UTF8.self)
  }

  /// The request ids of the lines that may be read.
  func expected() throws -> [String] { try text("expected.txt").split(separator: "\n").map(String.init) }

  /// The request ids of the lines in the database, sorted.
  func stored() throws -> [String] {
    let outcome = try Meshweft.run(["hops", "-o", "ndjson"], in: folder)
    guard outcome.status == 0 else { return [] }
    return try outcome.output.split(separator: 0x0A).map { line in
      try #require(JSONValue(parsing: Array(line))["request_id"]?.string)
    }.sorted()
  }

  func collect(_ more: [String]) throws -> ChildProcess.Outcome { try start(more).wait() }

  func start(_ more: [String]) throws -> ChildProcess {
    try Meshweft.start(
      ["collect", "--context", "ack1", "--context", "ack2"] + more, in: folder,
      environment: ["KUBECONFIG": folder.file("kubeconfig")])
  }

  /// Waits for as long as tests wait for a program.
  func waitUntil(_ isSo: () throws -> Bool) throws {
    let deadline = Date.now + ChildProcess.patience
    while try !isSo() {
      guard Date.now < deadline else { throw ChildProcess.TimedOut(description: "it never came about") }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }
}
