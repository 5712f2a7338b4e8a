// Benchmarks: makes mesh logs of any size and measures what this machine can do at best, so that `make bench`
// can print meshweft's speed beside it. It never ends up in the product, and the generator knows nothing of
// meshweft's own parser: a mistake in one cannot hide a mistake in the other.

import ArgumentParser

@main
struct MeshweftBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "meshweft-bench",
    abstract: "Generates mesh logs and measures yardsticks.",
    subcommands: [Generate.self, Yardstick.self, Parse.self, Timed.self])
}
