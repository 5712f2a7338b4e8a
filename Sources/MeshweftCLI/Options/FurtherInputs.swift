internal import Synchronization

/// Inputs of `ingest` that are set aside before its arguments are parsed.
///
/// ArgumentParser compares and copies what it has read for each further value: 40 000 files, which a shell makes of `*`, took
/// it a minute. So it gets the options and the first input, and the command adds the others.
enum FurtherInputs {
  private static let inputs = Mutex<[String]>([])

  /// Those that were set aside, in their order.
  static var list: [String] { inputs.withLock { $0 } }

  /// Arguments below which nothing is gained.
  private static let few = 64

  /// Takes them out of a command line without the program's name.
  static func setAside(_ arguments: [String]) -> [String] {
    guard arguments.first == "ingest", arguments.count > few else { return arguments }
    let split = split(arguments.dropFirst())
    inputs.withLock { $0 = split.inputs }
    return ["ingest"] + split.parsed
  }

  /// Options with their values and the first input; the inputs after it. What is no option is left for the parser to refuse.
  private static func split(_ arguments: ArraySlice<String>) -> (parsed: [String], inputs: [String]) {
    var parsed: [String] = []
    var inputs: [String] = []
    var hasInput = false
    var rest = arguments
    var areAllInputs = false
    while let argument = rest.popFirst() {
      if areAllInputs || argument == "-" || !argument.hasPrefix("-") {
        if hasInput {
          inputs.append(argument)
        } else {
          parsed += areAllInputs ? ["--", argument] : [argument]
          hasInput = true
        }
      } else if argument == "--" {
        areAllInputs = true
      } else {
        parsed.append(argument)
        if takesValue(argument), let value = rest.popFirst() { parsed.append(value) }
      }
    }
    return (parsed, inputs)
  }

  /// Of `ingest`: all but these do, unless it is given with `=`.
  private static func takesValue(_ option: String) -> Bool {
    !option.contains("=") && !["--correlate", "--no-correlate", "--version", "--help", "-h"].contains(option)
  }
}
