internal import Platform

/// What stat(2) says of a file. Nothing is opened for it: closing a file that SQLite has open drops SQLite's locks, which
/// by POSIX are the process's.
package struct FileStatus: Sendable, Equatable {
  package enum Kind: Sendable, Equatable { case file, folder, pipe, socket, characterDevice, blockDevice }

  package var identity: FileIdentity
  package var kind: Kind
  /// Bytes.
  package var size: Int64
  /// Nanoseconds since the epoch at which its content was changed last.
  package var modified: Int64
  package var owner: UInt32
  package var group: UInt32
  /// Permission bits.
  package var mode: UInt32

  /// Of what a name leads to, through links; nil where there is nothing.
  package init?(_ name: FileName) {
    var status = stat()
    // Safe: names outlive the calls that get them, and the system fills a structure on the stack.
    guard unsafe name.withCString({ unsafe stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  /// Of an open file.
  package init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    identity = FileIdentity(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      case S_IFCHR: .characterDevice
      case S_IFBLK: .blockDevice
      default: .file
      }
    size = Int64(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    owner = UInt32(status.st_uid)
    group = UInt32(status.st_gid)
    mode = UInt32(status.st_mode & 0o7777)
  }

  /// Whether a name is taken, by a link that leads nowhere, too.
  package static func isTaken(_ name: FileName) -> Bool {
    var status = stat()
    return unsafe name.withCString { unsafe lstat($0, &status) } == 0
  }
}
