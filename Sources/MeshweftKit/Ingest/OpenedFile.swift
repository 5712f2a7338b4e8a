internal import TraceStore
internal import Platform

/// The one way in which files are opened to be read: by every command, for whatever they hold.
enum OpenedFile {
  /// Opens without waiting, where a pipe has no writer yet, too: poll(2) before reading. The database's files are left alone,
  /// through links as well: see `StoreFiles`.
  static func open(_ name: FileName, sparing store: StoreFiles) throws(OpenFailure) -> Int32 {
    if let status = FileStatus(name) {
      if store.holds(status) { throw .isDatabase }
      switch status.kind {
      case .folder: throw .isFolder
      case .socket where inherited(name) == nil: throw .isSocket
      case .file, .pipe, .socket, .characterDevice, .blockDevice: break
      }
    }
    let descriptor = try descriptor(name)
    // The name may have come to lead elsewhere just now. To close it would do the harm.
    if let status = FileStatus(descriptor: descriptor), store.holds(status) { throw .isDatabase }
    return descriptor
  }

  private static func descriptor(_ name: FileName) throws(OpenFailure) -> Int32 {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    // Safe: the name outlives the call, which keeps no pointer.
    let opened = unsafe name.withCString { unsafe openFile($0, flags) }
    if opened >= 0 { return opened }
    let failure = OpenFailure.system(errno)
    // What another user, or a socket, has handed over cannot be opened anew.
    guard let inherited = inherited(name) else { throw failure }
    let copy = fcntl(inherited, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw failure }
    return copy
  }

  /// The descriptor that a name stands for: `/dev/stdin`, `/dev/fd/63`.
  static func inherited(_ name: FileName) -> Int32? {
    if name == FileName("/dev/stdin") { return STDIN_FILENO }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where name.bytes.starts(with: Array(folder.utf8)) {
      return Int32(String(decoding: name.bytes.dropFirst(folder.utf8.count), as: UTF8.self))
    }
    return nil
  }

  private static func openFile(_ name: UnsafePointer<CChar>, _ flags: Int32) -> Int32 {
    unsafe Platform.open(name, flags)
  }
}
