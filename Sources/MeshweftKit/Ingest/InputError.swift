internal import TraceStore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Why an input could not be read whole; what came before was stored.
public enum InputError: Error, Sendable, Equatable, CustomStringConvertible {
  case notFound(path: String)
  /// `reason` is the system's word for it.
  case unreadable(path: String, reason: String)
  /// One of the database's own files.
  case isDatabase(path: String)
  /// No more files may be open at once than are.
  case tooManyFiles(path: String)
  /// A folder in which no file ends in .log or .log.gz.
  case emptyFolder(path: String)
  /// gz data that ended before its end. `offset` counts compressed bytes.
  case truncatedGzip(path: String, offset: Int64)
  /// gz data that contradicts itself. `offset` counts compressed bytes.
  case corruptGzip(path: String, offset: Int64)

  /// What happened, where, and what to do.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(shown(path)): no such file or folder. For a file whose name holds * quote it less, or give its folder."
    case .unreadable(let path, let reason):
      "\(shown(path)): \(reason). Complete lines before that were stored; feed it again when it can be read."
    case .isDatabase(let path):
      "\(shown(path)) left out: it is the database itself, or belongs to it"
    case .tooManyFiles(let path):
      "\(shown(path)): too many files are open (`ulimit -n`). Close others, or allow more, and feed it again."
    case .emptyFolder(let path):
      "\(shown(path)): no *.log or *.log.gz in this folder. Name files of other names one by one."
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
