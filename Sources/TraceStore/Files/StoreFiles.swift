internal import Platform

/// The files of a database: itself, and what SQLite keeps beside it. Whoever opens or writes any other file asks here
/// first, for nothing is lost as easily: one of them that is opened and closed by this process drops SQLite's locks (the next
/// one who closes the database then removes a log that is still written), and one that is written over is gone.
package struct StoreFiles: Sendable {
  private let name: FileName

  /// The database need not be there yet.
  package init(database: String) { name = FileName(database) }

  /// Behind a database's name.
  package static let endings = ["-wal", "-shm", "-journal"]

  /// Where the database is. SQLite keeps its logs beside that, and not beside a link to it.
  var place: FileName { name.place }

  /// All names that it may have; the first is its own.
  private var names: [FileName] {
    let place = place
    return [place] + StoreFiles.endings.map { place + $0 }
  }

  /// Whether it is one of them by device and inode, so through any link; looked up anew, for logs come and go.
  package func holds(_ status: FileStatus) -> Bool {
    names.contains { FileStatus($0)?.identity == status.identity }
  }

  /// Whether it is one of them, or would be if it were there.
  package func holds(_ other: FileName) -> Bool {
    if let status = FileStatus(other) { return holds(status) }
    return names.contains(other.place)
  }
}

extension FileName {
  /// Where it leads to, without links; of a file that is not there yet, where it would be.
  package var place: FileName { place(links: FileName.maximumLinks) }

  /// As many as Linux follows.
  private static let maximumLinks = 40

  private func place(links: Int) -> FileName {
    if let resolved { return resolved }
    guard let folder = folder.resolved else { return self }
    let start = (folder.bytes == [0x2F] ? [] : folder.bytes) + [0x2F]
    guard links > 0, let target = linkTarget else { return FileName(bytes: start + last.bytes) }
    return FileName(bytes: target.first == 0x2F ? target : start + target).place(links: links - 1)
  }

  /// What a link says; nil where it is none.
  private var linkTarget: [UInt8]? {
    var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
    // Safe: the room is PATH_MAX bytes, which is not 0, and readlink(2) writes at most so many, without a zero byte.
    let count = unsafe target.withUnsafeMutableBytes { room in
      let room = unsafe room.bindMemory(to: CChar.self)
      return unsafe withCString { unsafe readlink($0, room.baseAddress.unsafelyUnwrapped, room.count) }
    }
    return count > 0 ? Array(target[..<count]) : nil
  }

  private var resolved: FileName? {
    // Safe: realpath(3) gives memory that is ours, and ends with a zero byte; it is copied, then freed.
    guard let resolved = unsafe withCString({ unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe FileName(bytes: UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)).map { $0 })
  }
}
