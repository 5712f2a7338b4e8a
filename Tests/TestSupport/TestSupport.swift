// TestSupport: what the tests of several rooms share, and nothing of the product.
//
// Log sets and their pieces, gz, scratch folders, random numbers that can be had again, a JSON reader and a schema
// checker that are not the product's own, and child processes whose pipes never fill up. What is asserted is up to
// the test targets.

internal import Foundation

/// Where things stand in and beside this checkout.
package enum Checkout {
  /// The folder of Package.swift.
  package static let root: String = {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .path
  }()

  /// Real lines that come with the project.
  package static let sampleLogs = root + "/SampleLogs"
  /// A proxy's line and a client's of one service that do not belong together; from another year than `sampleLogs`.
  package static let foundingExample = root + "/docs/examples/founding-example.log"
  /// Larger log sets with their truth; there on some machines only.
  package static let meshLogs = root + "/../shared/mesh-logs"
  /// Public test data; there on some machines only.
  package static let corpora = root + "/../shared/corpora"

  package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// All that there is, in full, instead of what a test run has time for.
  package static var wantsAll: Bool {
    ProcessInfo.processInfo.environment["MESHWEFT_ALL_SETS"]?.isEmpty == false
  }

  /// A sanitizer runs along: everything takes ten times as long, and address space beyond any limit.
  package static var isSanitized: Bool { sanitizer?.isEmpty == false }

  /// Its name, as `scripts/sanitize` says it.
  package static var sanitizer: String? { ProcessInfo.processInfo.environment["MESHWEFT_SANITIZED"] }
}
