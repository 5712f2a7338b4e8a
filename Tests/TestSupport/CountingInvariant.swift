/// `lines = stored + duplicate + skipped + rejected`: held to whatever an ingest says, in whichever test it says it.
package enum CountingInvariant {
  package struct Broken: Error, CustomStringConvertible {
    package var description: String
  }

  /// Looks at what a program printed; anything but an ingest's summary is left alone.
  /// - Throws: `Broken` where the counts do not add up, in all or for one source.
  static func check(_ outcome: ChildProcess.Outcome) throws {
    let summary =
      /([0-9 ]+) lines? = ([0-9 ]+) stored \+ ([0-9 ]+) duplicate \+ ([0-9 ]+) skipped \+ ([0-9 ]+) rejected/
    for found in outcome.errorText.matches(of: summary) {
      let parts = [found.output.1, found.output.2, found.output.3, found.output.4, found.output.5]
      try hold(parts.map { Int64($0.filter(\.isNumber)) ?? -1 }, String(found.output.0))
    }
    guard outcome.outputText.contains("\"meshweft.ingest/1\"") else { return }
    for object in (try? JSONValue.lines(outcome.output)) ?? []
    where object["schema"]?.string == "meshweft.ingest/1" {
      let others = object["other_sources"].flatMap { $0.isNull ? nil : $0 }
      for counted in [object] + (object["sources"]?.array ?? []) + [others].compactMap({ $0 }) {
        try hold(names.map { counted[$0]?.integer ?? -1 }, "\(counted)")
      }
    }
  }

  private static let names = ["lines", "stored", "duplicate", "skipped", "rejected"]

  private static func hold(_ counts: [Int64], _ text: String) throws {
    guard counts[0] == counts[1...].reduce(0, +) else {
      throw Broken(description: "the counts do not add up: \(text)")
    }
  }
}
