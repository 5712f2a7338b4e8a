import Foundation
import Testing

/// Public test data that stands beside the checkout on some machines; tests that need it say so and are skipped
/// where it is not. What must always be tested is in this package.
enum Corpora {
  static let folder: String = {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return checkout.deletingLastPathComponent().appending(path: "shared/corpora").path
  }()

  static var areThere: Bool { FileManager.default.fileExists(atPath: folder) }

  static func files(in part: String, suffix: String = "") -> [String] {
    let path = folder + "/" + part
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(suffix) }.sorted().map { path + "/" + $0 }
  }

  /// A file by its path, absolute or within the corpora.
  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path.hasPrefix("/") ? path : folder + "/" + path)))
  }

  /// The lines of a file, as bytes, without line ends.
  static func lines(_ path: String) throws -> [[UInt8]] {
    try bytes(path).split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? Array(line.dropLast()) : Array(line)
    }
  }
}

/// Condition traits, so that the skip has a name and a message.
extension Trait where Self == ConditionTrait {
  static var needsCorpora: Self {
    .enabled(if: Corpora.areThere, "the public corpora are not beside this checkout (../shared/corpora)")
  }
}
