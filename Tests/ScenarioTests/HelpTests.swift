import Foundation
import TestSupport
import Testing

@Suite struct `The help` {
  /// Every command with its options: `["export", "traces"]`.
  private static let commands: [[String]] = {
    guard let folder = try? ScratchFolder(),
      let text = try? Meshweft.run(["--help"], in: folder).outputText,
      let list = text.components(separatedBy: "SUBCOMMANDS:\n").last
    else { return [] }
    let names = list.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
      return line.split(separator: " ").first.map(String.init)
    }
    return names.filter { $0 != "See" }.map { $0 == "export" ? ["export", "traces"] : [$0] }
  }()

  private static func help(_ command: [String]) throws -> String {
    let outcome = try Meshweft.run(command + ["--help"], in: ScratchFolder())
    #expect(outcome.status == 0)
    return outcome.outputText
  }

  private static func examples(_ help: String) -> [String] {
    guard let block = help.components(separatedBy: "Examples:\n").dropFirst().first else { return [] }
    return block.components(separatedBy: "\n").prefix { $0.hasPrefix("  ") }.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// The sample logs, ingested.
  private static let mesh = Result {
    let folder = try ScratchFolder()
    let outcome = try Meshweft.run(["ingest", Checkout.sampleLogs], in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return folder
  }

  @Test func `is there for every command`() { #expect(Self.commands.count >= 20) }

  @Test(arguments: commands)
  func `of a command has examples that work on the sample logs`(command: [String]) throws {
    let examples = Self.examples(try Self.help(command))
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(example.contains("meshweft " + command.joined(separator: " ")))
      #expect(example.count < 79, "it would be wrapped: \(example)")
      let folder = try ScratchFolder()
      try FileManager.default.copyItem(
        atPath: try Self.mesh.get().file("meshweft.db"), toPath: folder.file("meshweft.db"))
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("SampleLogs"), withDestinationPath: Checkout.sampleLogs)
      let outcome = try Meshweft.runShell(example, in: folder)
      #expect(outcome.status == 0, "\(example): \(outcome.errorText)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        !outcome.output.isEmpty || !outcome.errors.isEmpty || files.count > 2, "\(example) says nothing")
    }
  }

  @Test(arguments: commands + [[]])
  func `fits 80 columns but for the usage`(command: [String]) throws {
    let lines = try Self.help(command).split(separator: "\n").filter { !$0.hasPrefix("USAGE:") }
    #expect(lines.filter { $0.count > 80 } == [])
  }

  @Test func `says what --no-correlate does`() throws {
    let help = try Self.help(["ingest"]).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(help.contains("--no-correlate only stores them"))
  }
}
