internal import Foundation

/// Why a report could not be written.
public struct ReportFileError: Error, Sendable, CustomStringConvertible {
  /// Which file, and what the system said.
  public let description: String
}

extension HTMLReport {
  /// Writes the page to a file, whole or not at all: a page that is there already stays until the new one is. Into a
  /// pipe or a device it is written as it comes, and that stays what it is.
  /// - Returns: what was written, in a sentence.
  /// - Throws: `ReportFileError`
  public func write(to path: String) throws -> [String] {
    let place = URL(filePath: path).resolvingSymlinksInPath()
    do {
      try Data(bytes).write(to: place, options: HTMLReport.canBeReplaced(place) ? .atomic : [])
    } catch {
      throw ReportFileError(
        description: "\(Shown.text(path, limit: 200)) cannot be written: \(HTMLReport.reason(error, place))")
    }
    return ["wrote \(Shown.text(path, limit: 200)) (\(Quantity.bytes(Int64(bytes.count))))"]
  }

  /// A file, or nothing yet.
  private static func canBeReplaced(_ place: URL) -> Bool {
    let type = try? FileManager.default.attributesOfItem(atPath: place.path)[.type] as? FileAttributeType
    return type == nil || type == .typeRegular
  }

  /// What to mend, in words.
  private static func reason(_ error: any Error, _ place: URL) -> String {
    var isFolder: ObjCBool = false
    if unsafe FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder), isFolder.boolValue {
      return "it is a folder"
    }
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile?: return "there is no such folder"
    case .fileWriteNoPermission?: return "permission denied"
    case .fileWriteOutOfSpace?: return "no space is left"
    case .fileWriteVolumeReadOnly?: return "it may only be read there"
    default: return (error as NSError).localizedDescription
    }
  }
}
