internal import ArgumentParser
internal import MeshweftKit

/// A command that does not exist, noticed before the arguments are parsed: ArgumentParser would call it an unexpected argument, and
/// `help` of it would show the help of all.
enum UnknownCommand {
  /// What to tell the user; nil where all commands that are named exist.
  static func message(_ arguments: [String]) -> String? {
    var known = Meshweft.configuration
    var named = ["meshweft"]
    let isHelp = arguments.first == "help"
    for argument in arguments.dropFirst(isHelp ? 1 : 0) {
      let subcommands = known.subcommands.map { $0.configuration }
      if argument.hasPrefix("-") || subcommands.isEmpty { return nil }
      guard let next = subcommands.first(where: { $0.commandName == argument }) else {
        return message(argument, of: named, subcommands.compactMap(\.commandName))
      }
      known = next
      named.append(argument)
    }
    return nil
  }

  private static func message(_ typed: String, of named: [String], _ commands: [String]) -> String {
    let command = (named.dropFirst() + [Shown.text(typed, limit: 40)]).joined(separator: " ")
    let near = NearestNames(typed, among: commands).names.map { "`\((named + [$0]).joined(separator: " "))`" }
    let help = "`\(named.joined(separator: " ")) --help` lists the commands."
    return near.isEmpty
      ? "no command \(command): \(help)"
      : "no command \(command). Did you mean \(near.joined(separator: " or "))?"
  }
}
