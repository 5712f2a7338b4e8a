internal import ArgumentParser

/// `-o` of commands that do something and say in a line what.
struct SummaryOption: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "text: a summary on standard error. json: one object on standard output.")
  var form: Form = .text
}
