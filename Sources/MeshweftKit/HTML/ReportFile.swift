internal import Foundation

/// Why a report could not be written.
public struct ReportFileError: Error, Sendable, CustomStringConvertible {
  /// Which file, and what the system said.
  public let description: String
}

extension HTMLReport {
  /// Writes the page to a file, whole or not at all: a page that is there already stays until the new one is.
  /// - Returns: what was written, in a sentence.
  /// - Throws: `ReportFileError`
  public func write(to path: String) throws -> [String] {
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      let reason = (error as NSError).localizedDescription
      throw ReportFileError(description: "\(Shown.text(path, limit: 200)) cannot be written: \(reason)")
    }
    return ["wrote \(Shown.text(path, limit: 200)) (\(Quantity.bytes(Int64(bytes.count))))"]
  }
}
