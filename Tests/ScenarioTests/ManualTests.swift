import Foundation
import TestSupport
import Testing

@Suite struct `The manual page` {
  private static let hasPython = (try? ChildProcess.run("python3", ["-c", ""]).status) == 0

  @Test(.enabled(if: hasPython, "there is no python3 here"))
  func `and the list of commands are what the help says`() throws {
    let check = try ChildProcess.run(
      "python3", [Checkout.root + "/scripts/make-manual", "--check", Meshweft.binary])
    #expect(check.status == 0, "\(check.errorText)")
  }

  @Test func `has the sections that people look for, and the version`() throws {
    let page = try String(contentsOfFile: Checkout.root + "/docs/man/meshweft.1", encoding: .utf8)
    for section in ["SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES"]
    {
      #expect(page.contains("\n.Sh \(section)\n"))
    }
    let version = try Meshweft.run(["--version"], in: ScratchFolder()).outputText.trimmingCharacters(
      in: .newlines)
    #expect(page.contains(".Os meshweft \(version)\n"))
    let changes = try String(contentsOfFile: Checkout.root + "/CHANGELOG.md", encoding: .utf8)
    #expect(changes.firstMatch(of: #/\n## ([0-9.]+) /#)?.output.1 == version[...])
  }
}
