internal import Platform

/// Why a file that is to be read was not opened.
enum OpenFailure: Error, Equatable {
  /// It is one of the database's files.
  case isDatabase
  case isFolder
  case isSocket
  /// `errno`
  case system(Int32)

  /// The system's word for it, or one like it.
  var reason: String {
    switch self {
    case .isDatabase: "it is the database itself"
    case .isFolder: "it is a folder"
    case .isSocket: "it is a socket"
    case .system(EMFILE), .system(ENFILE): "too many files are open (`ulimit -n`)"
    // Safe: strerror(3) gives a text for any number, which is copied at once.
    case .system(let code): unsafe String(cString: strerror(code))
    }
  }

  /// Whether there is no such file.
  var isOfNothing: Bool { self == .system(ENOENT) }

  /// Whether it might be opened when others are closed.
  var isOfTooMany: Bool { self == .system(EMFILE) || self == .system(ENFILE) }
}
