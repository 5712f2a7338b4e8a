import Foundation
import TestSupport

/// Runs the program as users who are not root, of whom one owns a database and another one reads it.
enum OtherUser {
  static let owner = 64_001
  static let reader = 64_002

  /// Only root may be whoever it wants.
  static let canRun: Bool = {
    guard geteuid() == 0 else { return false }
    let command = prefix(owner) + [Meshweft.binary, "--version"]
    return (try? ChildProcess.run(command[0], Array(command.dropFirst())))?.status == 0
  }()

  private static func prefix(_ user: Int) -> [String] {
    ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
  }

  static func start(_ user: Int, _ arguments: [String], in folder: ScratchFolder) throws -> ChildProcess {
    let command = prefix(user) + [Meshweft.binary] + arguments
    return try ChildProcess(command[0], Array(command.dropFirst()), in: folder.path)
  }

  static func run(_ user: Int, _ arguments: [String], in folder: ScratchFolder) throws -> ChildProcess.Outcome
  {
    try start(user, arguments, in: folder).wait()
  }
}
