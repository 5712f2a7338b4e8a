import Foundation
import TestSupport

/// One file of Scenarios/: what it shows, input files, commands, and what each prints.
///
/// A file is parts that begin with a line `=== …`: text before the first says what the scenario shows; `=== file
/// NAME` gives a file of the scratch folder, `=== run` a command for bash; `=== stdout`, `=== stderr` and `=== exit N`
/// are what came of the command before them, left out where empty or 0. Durations, rates, confidences and the version
/// are taken out or replaced by a placeholder. `MESHWEFT_RECORD=1` writes what came of the commands into the files.
struct Scenario: Sendable, CustomStringConvertible {
  struct Step: Sendable {
    var command: String
    var output = ""
    var errors = ""
    var status = 0
  }

  struct Malformed: Error, CustomStringConvertible { var description: String }

  var path: String
  var title: String
  var files: [(name: String, text: String)] = []
  var steps: [Step] = []

  var description: String { ((path as NSString).lastPathComponent as NSString).deletingPathExtension }

  static let isRecording = ProcessInfo.processInfo.environment["MESHWEFT_RECORD"]?.isEmpty == false

  /// All files of the folder, by name.
  static let all: [String] = {
    let folder = Checkout.root + "/Tests/ScenarioTests/Scenarios"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".scenario") }.sorted().map { folder + "/" + $0 }
  }()

  init(reading path: String) throws {
    self.path = path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let parts = "\n\(text)".components(separatedBy: "\n=== ")
    title = parts[0].trimmingCharacters(in: .newlines)
    for part in parts.dropFirst() { try add(part, isLast: part == parts.last) }
  }

  private mutating func add(_ part: String, isLast: Bool) throws {
    let head = part.prefix { $0 != "\n" }
    var body = String(part.dropFirst(head.count + 1))
    if !body.isEmpty, !isLast || !body.hasSuffix("\n") { body += "\n" }
    let words = head.split(separator: " ", maxSplits: 1).map(String.init)
    switch (words.first, words.last, steps.indices.last) {
    case ("file", let name?, nil): files.append((name, body))
    case ("run", _, _): steps.append(Step(command: body.trimmingCharacters(in: .newlines)))
    case ("stdout", _, let last?): steps[last].output = body
    case ("stderr", _, let last?): steps[last].errors = body
    case ("exit", let code?, let last?): steps[last].status = Int(code) ?? -1
    default: throw Malformed(description: "\(description): what is `=== \(head)`?")
    }
  }

  /// The file's text, with its steps' results.
  var text: String {
    var text = title + "\n"
    for file in files { text += "=== file \(file.name)\n\(file.text)" }
    for step in steps {
      text += "=== run\n\(step.command)\n"
      if !step.output.isEmpty { text += "=== stdout\n\(step.output)" }
      if !step.errors.isEmpty { text += "=== stderr\n\(step.errors)" }
      if step.status != 0 { text += "=== exit \(step.status)\n" }
    }
    return text
  }

  /// The same scenario with what its commands print now, each in a scratch folder that the next one finds as it was
  /// left. The sample logs, the founding example and `mesh.awk`, which writes logs of a small mesh, are in it by their names.
  func played() throws -> Scenario {
    let folder = try ScratchFolder()
    for file in files { try folder.write(file.name, file.text) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("SampleLogs"), withDestinationPath: Checkout.sampleLogs)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("founding-example.log"), withDestinationPath: Checkout.foundingExample)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("mesh.awk"),
      withDestinationPath: Checkout.root + "/Tests/ScenarioTests/Support/mesh.awk")
    var played = self
    for index in steps.indices {
      let outcome = try Meshweft.runShell(steps[index].command, in: folder)
      played.steps[index].output = Scenario.settled(outcome.outputText)
      played.steps[index].errors = Scenario.settled(outcome.errorText)
      played.steps[index].status = outcome.status
    }
    return played
  }

  /// What differs from run to run, replaced; and every line with its end.
  private static func settled(_ text: String) -> String {
    var text = text
    let settlements = [
      (#"[0-9.]+ s, [0-9 ]+ lines/s"#, "<time>, <rate>"),
      (#"correlated in [0-9.]+ s"#, "correlated in <time>"),
      // How sure a link is changes with every calibration, which has tests of its own.
      (#", [0-9.]+ % sure(, ahead of the second best by [0-9.]+ %)?"#, ""),
      (#""seconds":[0-9.]+"#, #""seconds":<time>"#), (#""version":"[^"]*""#, #""version":"<version>""#),
    ]
    for (pattern, replacement) in settlements {
      text = text.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
    }
    text = text.replacingOccurrences(of: "\r", with: "␍")
    return text.isEmpty || text.hasSuffix("\n") ? text : text + "\n<no line feed>\n"
  }
}
