internal import ArgumentParser

extension CommandConfiguration {
  /// What `--help` of a command says: in a line what it does, then more, then lines to copy. The examples work in a folder with
  /// SampleLogs/ and a database of them; a test runs them all.
  init(
    _ name: String, _ abstract: String, _ discussion: String = "", examples: [String] = [],
    subcommands: [any ParsableCommand.Type] = []
  ) {
    let lines = examples.map { "  " + $0 }.joined(separator: "\n")
    let shown = examples.isEmpty ? [discussion] : [discussion, "Examples:\n" + lines]
    self.init(
      commandName: name, abstract: abstract,
      discussion: shown.filter { !$0.isEmpty }.joined(separator: "\n\n"), subcommands: subcommands)
  }
}
