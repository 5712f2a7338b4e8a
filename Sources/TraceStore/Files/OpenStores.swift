internal import Synchronization

/// Which databases SQLite has open in this process.
///
/// By POSIX a process loses all locks on a file when it closes any descriptor of it. SQLite takes care of that among its own
/// connections; whoever else wants to read such a file asks here, and does not.
enum OpenStores {
  private static let counts = Mutex<[FileIdentity: Int]>([:])

  /// Opens a connection, and notes the file before anybody can look at it by other means.
  /// - Returns: what `body` gave, and the file; nil where there is none.
  static func opening<T: Sendable>(_ name: FileName, _ body: () throws -> T) throws -> (T, FileIdentity?) {
    try counts.withLock { counts in
      let value = try body()
      let identity = FileStatus(name)?.identity
      if let identity { counts[identity, default: 0] += 1 }
      return (value, identity)
    }
  }

  static func closed(_ identity: FileIdentity) {
    counts.withLock { counts in
      let count = (counts[identity] ?? 0) - 1
      counts[identity] = count > 0 ? count : nil
    }
  }

  /// Runs `body` where no connection has the file open, and lets none open it meanwhile; nil elsewhere.
  static func ifClosed<T: Sendable>(_ identity: FileIdentity, _ body: () throws -> T) rethrows -> T? {
    try counts.withLock { counts in counts[identity] == nil ? try body() : nil }
  }
}
