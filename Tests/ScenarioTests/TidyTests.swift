import Foundation
import TestSupport
import Testing

/// `scripts/tidy`, over a small tree that keeps its rules and over ones that break one each.
@Suite(.enabled(if: (try? ChildProcess.run("python3", ["--version"]))?.status == 0, "python3 is not there"))
struct `The check of how sources are laid out` {
  /// Breaks no rule, though strings and remarks name what comes later, and a paragraph goes on with "The same".
  private static let right = [
    "ARCHITECTURE.md": "```rooms\nMesh  Low\n      High\n```\n",
    "Sources/Mesh/Low/Stone.swift": """
    /// What a House is made of.
    /// The same for all.
    struct Stone {
      // Safe: nobody keeps it.
      var weight: Int { unsafe weigh("House") }
    }

    """,
    "Sources/Mesh/High/House.swift": "struct House { var stones: [Stone] }\n",
    "Sources/Mesh/High/Stone+House.swift": "extension Stone { var house: House { House(stones: [self]) } }\n",
    "docs/stones.md":
      "[The rooms](../ARCHITECTURE.md), [others](https://example.com/stones.md), [below](#sand)\n",
  ]

  /// A file that breaks one rule, and what is said of it.
  struct Fault: CustomTestStringConvertible, Sendable {
    var path: String
    var text: String
    var says: String

    init(_ path: String, _ text: String, _ says: String) {
      (self.path, self.text, self.says) = (path, text, says)
    }

    var testDescription: String { says }
  }

  private static let faults = [
    Fault(
      "Attic/Stone+Attic.swift", "extension Stone {}\n",
      "the folder Attic is not among the rooms of ARCHITECTURE.md"),
    Fault(
      "Low/Sand.swift", "struct Sand {}\nstruct Grain {}\nextension Stone {}\n", "several types: Sand, Grain"),
    Fault(
      "Low/Sand.swift", "struct Grain {}\nextension Stone {}\n",
      "named after another type than its own, Grain"),
    Fault("Low/Sand.swift", "extension Stone {}\n", "named after a type that it does not extend"),
    Fault(
      "Low/Stone+Long.swift", "extension Stone {}\n" + String(repeating: "\n", count: 500),
      "501 lines; 500 are the most"),
    Fault(
      "Low/Stone+Memory.swift", "extension Stone { var size: Int { unsafe measure() } }\n",
      #"no remark "Safe: …" says why its unsafe code is safe"#),
    Fault("Low/Sand.swift", "struct Sand {}\n", "nobody uses Sand"),
    Fault(
      "Low/Stone+Size.swift", "extension Stone {\n  /// The same of size.\n  var size: Int { 1 }\n}\n",
      "a docstring that cannot be read alone: /// The same of size."),
    Fault(
      "Low/Stone+Late.swift", "extension Stone { func build(_ house: House) {} }\n",
      "House is in High, which comes after Low"),
  ]

  @Test func `finds nothing where all is as it should be`() throws {
    let outcome = try Self.check(Self.right)
    #expect(outcome.outputText == "tidy: all sources are where they belong\n")
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  @Test(arguments: faults) func `names what is wrong, and nothing else`(_ fault: Fault) throws {
    let path = "Sources/Mesh/" + fault.path
    let outcome = try Self.check(Self.right.merging([path: fault.text]) { $1 })
    #expect(outcome.outputText == "\(path): \(fault.says)\n")
    #expect(outcome.status == 1, "\(outcome.errorText)")
  }

  /// A page, or a file whose remark names one, and where its link leads.
  private static let links = [
    ("README.md", "[how](docs/sand.md)\n", "docs/sand.md"),
    ("docs/how-to/build.md", "See [the stones](stones.md#weight).\n", "stones.md"),
    (
      "Sources/Mesh/Low/Stone+Size.swift", "/// See docs/size.md.\nextension Stone {}\n", "docs/size.md"
    ),
  ]

  @Test(arguments: links) func `names a link of the documentation that leads nowhere`(
    path: String, text: String, to: String
  ) throws {
    let outcome = try Self.check(Self.right.merging([path: text]) { $1 })
    #expect(outcome.outputText == "\(path): a link that leads nowhere: \(to)\n")
    #expect(outcome.status == 1, "\(outcome.errorText)")
  }

  @Test func `names a link of Fuzzing that leads nowhere`() throws {
    let folder = try ScratchFolder()
    for (path, text) in Self.right { try folder.write(path, text) }
    try folder.write("Fuzzing/run", "")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/Fuzzing/Stone.swift", withDestinationPath: "../Sources/Mesh/Stone.swift")
    let outcome = try Self.check(folder.path)
    #expect(outcome.outputText == "Fuzzing/Stone.swift: a link that leads nowhere\n")
    #expect(outcome.status == 1, "\(outcome.errorText)")
  }

  private static func check(_ tree: [String: String]) throws -> ChildProcess.Outcome {
    let folder = try ScratchFolder()
    for (path, text) in tree { try folder.write(path, text) }
    return try check(folder.path)
  }

  private static func check(_ folder: String) throws -> ChildProcess.Outcome {
    // Names of faults are not all ASCII.
    try ChildProcess.run(
      "python3", [Checkout.root + "/scripts/tidy", folder], environment: ["PYTHONUTF8": "1"])
  }
}
