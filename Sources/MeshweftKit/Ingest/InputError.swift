internal import Platform

/// Why an input could not be read whole; what came before was stored.
public enum InputError: Error, Sendable, Equatable, CustomStringConvertible {
  case notFound(path: String)
  /// `reason` is the system's word for it.
  case unreadable(path: String, reason: String)
  /// One of the database's own files.
  case isDatabase(path: String)
  /// No more files may be open at once than are.
  case tooManyFiles(path: String)
  /// Packed by a program that is not installed. `command` would unpack it.
  case needsTool(path: String, command: String)
  /// A program that unpacks it says that it is damaged, or ended in its midst.
  case damagedPacking(path: String, tool: String)
  case zipArchive(path: String)
  /// A tar that ends within a member.
  case truncatedArchive(path: String)
  /// A folder in which no file ends in .log or .log.gz.
  case emptyFolder(path: String)
  /// gz data that ended before its end. `offset` counts compressed bytes.
  case truncatedGzip(path: String, offset: Int64)
  /// gz data that contradicts itself. `offset` counts compressed bytes.
  case corruptGzip(path: String, offset: Int64)

  /// Logs of a mesh that could not be fetched. `what` names them, `reason` says why and what to do.
  case notCollected(what: String, reason: String)

  /// What happened, where, and what to do.
  public var description: String {
    switch self {
    case .notCollected(let what, let reason): "\(Shown.text(what, limit: 300)): \(reason)"
    case .notFound(let path):
      "\(shown(path)): no such file or folder"
        + (path.contains("*") ? ". If you meant a pattern, don't quote the `*`, or pass the folder." : "")
    case .unreadable(let path, let reason):
      "\(shown(path)): \(reason). Complete lines before that were stored; feed it again when it can be read."
    case .isDatabase(let path):
      "\(shown(path)) left out: it is the database itself, or belongs to it"
    case .tooManyFiles(let path):
      "\(shown(path)): too many files are open (`ulimit -n`). Close others, or allow more, and feed it again."
    case .emptyFolder(let path):
      "\(shown(path)): no *.log or *.log.gz in this folder. Name files of other names one by one."
    case .needsTool(let path, let command):
      "\(shown(path)): not read: \(command.prefix { $0 != " " }) is not installed. Where it is: \(command) | meshweft ingest -"
    case .damagedPacking(let path, let tool):
      "\(shown(path)): \(tool) says that it is damaged or cut. The complete lines before that were stored."
    case .zipArchive(let path):
      "\(shown(path)): a zip archive is not read. Unpack it and give its folder, or: unzip -p \(shown(path)) | meshweft ingest -"
    case .truncatedArchive(let path):
      "\(shown(path)): the tar ends within a file. The complete lines before that were stored."
    case .truncatedGzip(let path, let offset):
      "\(shown(path)): gz data truncated at byte \(offset). The complete lines before that were stored; feed "
        + "the whole file again to add the rest."
    case .corruptGzip(let path, let offset):
      "\(shown(path)): gz data corrupt at byte \(offset). The complete lines before that were stored."
    }
  }

  private func shown(_ path: String) -> String {
    path == "-" ? "standard input" : Shown.path(path)
  }

  init(_ failure: OpenFailure, path: String) {
    switch failure {
    case .isDatabase: self = .isDatabase(path: path)
    case .system(ENOENT): self = .notFound(path: path)
    case _ where failure.isOfTooMany: self = .tooManyFiles(path: path)
    default: self = .unreadable(path: path, reason: failure.reason)
    }
  }
}
