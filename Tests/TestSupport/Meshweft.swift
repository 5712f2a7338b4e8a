internal import Foundation

/// The program under test.
package enum Meshweft {
  /// `$MESHWEFT_BINARY`, else the one that was built beside the running tests.
  package static let binary: String = {
    if let path = ProcessInfo.processInfo.environment["MESHWEFT_BINARY"], !path.isEmpty { return path }
    let tests = CommandLine.arguments.first ?? ""
    let beside = (tests as NSString).deletingLastPathComponent + "/meshweft"
    return Checkout.exists(beside) ? beside : Checkout.root + "/.build/debug/meshweft"
  }()

  /// Nothing of the user's settings reaches it.
  private static let environment = [
    "MESHWEFT_DB": "", "NO_COLOR": "1", "COLUMNS": "", "SOURCE_DATE_EPOCH": "1795401000",
  ]

  /// Starts it in a folder; the database is `meshweft.db` there unless `--db` says otherwise.
  package static func start(
    _ arguments: [String], in folder: ScratchFolder, environment more: [String: String] = [:]
  ) throws -> ChildProcess {
    try ChildProcess(binary, arguments, in: folder.path, environment: environment.merging(more) { $1 })
  }

  /// Runs it to its end.
  package static func run(
    _ arguments: [String], in folder: ScratchFolder, input: some Sequence<UInt8> = []
  ) throws -> ChildProcess.Outcome {
    try ChildProcess.run(binary, arguments, in: folder.path, environment: environment, input: input)
  }

  /// Runs a command line of bash, in which `meshweft` is the program under test.
  package static func runShell(_ command: String, in folder: ScratchFolder) throws -> ChildProcess.Outcome {
    let path = (binary as NSString).deletingLastPathComponent
    var environment = environment
    environment["PATH"] = path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    return try ChildProcess.run(
      "bash", ["-c", "set -o pipefail; " + command], in: folder.path, environment: environment)
  }
}
