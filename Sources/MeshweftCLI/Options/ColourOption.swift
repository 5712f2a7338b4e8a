internal import ArgumentParser
internal import MeshweftKit

/// `--color`, taken by every command that writes for people.
struct ColourOption: ParsableArguments {
  enum When: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

  @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.") var color: When =
    .auto

  var ink: Ink {
    let isOn =
      switch color {
      case .always: true
      case .never: false
      case .auto: Terminal.outputIsTerminal && !Terminal.isSet("NO_COLOR") && !Terminal.isDumb
      }
    return Ink(isOn: isOn, columns: Terminal.outputColumns)
  }
}
